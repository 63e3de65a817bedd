import type { Fault } from '../transports/transport.ts';
import type { Surroundings } from './state.ts';

/** Which of the transports is in use, by its place in the list, and what was learnt about them. The first is the best. */
export interface Choice {
  readonly index: number;
  /** Opens in a row of the first that broke before any data came. */
  readonly strikes: number;
  /** The fallback that last brought data. It is what follows when the first fails again. */
  readonly proven?: number;
  /** How often the first was tried again in vain since it last brought data. */
  readonly retries: number;
  /** When the first is to be tried again, on the shell's monotonic clock. Only while a fallback brings data. */
  readonly retryAtMs?: number;
}

export const FIRST_CHOICE: Choice = { index: 0, strikes: 0, retries: 0 };

/** One break may be anybody's fault. */
const MAX_STRIKES = 2;

/** The choice after a transport ended, or was given up, before it brought any data. */
export function afterFailure(choice: Choice, fault: Fault, { transports }: Surroundings): Choice {
  if (fault === 'unreachable' || transports.length === 1) return choice;
  const { proven, retries } = choice;
  if (choice.index > 0) return { index: (choice.index + 1) % transports.length, strikes: 0, retries };
  const strikes = choice.strikes + 1;
  if (fault === 'broken' && strikes < MAX_STRIKES) return { ...choice, strikes };
  return { index: proven ?? 1, strikes: 0, retries, ...(proven !== undefined && { proven }) };
}

/** The choice once the transport has brought data. */
export function afterData(choice: Choice, { nowMs, random, timing }: Surroundings): Choice {
  const { index, retries, retryAtMs } = choice;
  if (index === 0) return FIRST_CHOICE;
  if (retryAtMs !== undefined) return choice;
  const afterMs = Math.min(timing.retryFirstMaxMs, timing.retryFirstMinMs * 2 ** retries);
  return { index, strikes: 0, proven: index, retries, retryAtMs: nowMs + afterMs * (0.75 + random / 2) };
}

export function isRetryDue({ retryAtMs }: Choice, nowMs: number): boolean {
  return retryAtMs !== undefined && nowMs >= retryAtMs;
}

/** Back to the first, for one attempt: when it fails, what is proven follows at once. */
export function retryFirst({ proven, retries }: Choice): Choice {
  return { index: 0, strikes: MAX_STRIKES - 1, retries: retries + 1, ...(proven !== undefined && { proven }) };
}
