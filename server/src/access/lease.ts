import type { Lease } from '../receipts/event-stream.ts';
import type { Powers } from './powers.ts';

export interface LeaseSource {
  /** Whose it is: what requests are counted by. */
  readonly name: string;
  /** Undefined: there are none any more. */
  powers(): Powers | undefined;
  /** Calls `listener` when `powers` may have changed. @returns how to stop it */
  watch(listener: () => void): () => void;
  readonly session?: Lease;
}

/** Lasts while the powers suffice and the session, where there is one, goes on. */
export function leaseFor({ powers, watch, session }: LeaseSource, suffice: (powers: Powers) => boolean): Lease {
  const isAllowed = () => {
    const now = powers();
    return now !== undefined && suffice(now);
  };
  return {
    isValid: async () => isAllowed() && (session === undefined || (await session.isValid())),
    onEnd: (listener) => {
      const unwatch = watch(() => {
        if (!isAllowed()) listener();
      });
      const unlease = session?.onEnd(listener);
      return () => {
        unwatch();
        unlease?.();
      };
    },
  };
}
