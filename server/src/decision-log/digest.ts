import { createHash } from 'node:crypto';
import { toCanonicalJson } from '@bunting/core';
import type { LoggedDecision } from './decision.ts';

/**
 * SHA-256, in hexadecimal, of a decision as canonical JSON. Its audit event carries it, so the hash chain of the audit log
 * holds for decisions too.
 */
export function digestDecision(decision: LoggedDecision): string {
  // As it is when it was stored and read: without what is undefined.
  return createHash('sha256')
    .update(toCanonicalJson(JSON.parse(JSON.stringify(decision))))
    .digest('hex');
}
