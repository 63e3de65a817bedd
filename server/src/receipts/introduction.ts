import type { HelloMessage } from '@bunting/core';

/** Who an instance says it is. */
export type Introduction = Omit<HelloMessage, 'type' | 'protocol' | 'key' | 'have' | 'context' | 'accept'>;
