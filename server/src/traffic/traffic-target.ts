import { BUCKET_COUNT } from '@bunting/core';

/** What a traffic target can do. A release that needs more is refused. */
export interface TrafficCapabilities {
  /** From one request to the next everyone is at the new weight; there is no moment with something in between. */
  readonly atomic: boolean;
  /** Who is on a side stays there while the weight does not take them off it. */
  readonly sticky: boolean;
  /** It goes back to the baseline by itself when `notAfterMs` has passed. */
  readonly lease: boolean;
  /** Requests that are under way end where they began. */
  readonly drain: boolean;
  /** It sends copies of requests to the candidate, whose answers nobody sees. */
  readonly shadow: boolean;
  /** It remembers the highest fence and refuses lower ones. */
  readonly fenced: boolean;
  /** Weights are multiples of this, in 1/100 000; it divides 100 000. */
  readonly granularityPer100k: number;
}

/** Absolute: what it was before does not matter. */
export interface TrafficDesired {
  /** The candidate's share of requests. */
  readonly candidatePer100k: number;
  /** The share of the baseline's requests that the candidate gets copies of. Without it: none. */
  readonly shadowPer100k?: number;
  /** From then on the baseline has everyone, milliseconds since 1970. Without it: never. */
  readonly notAfterMs?: number;
}

/** What is in force now. */
export interface TrafficObserved {
  /** Undefined: it cannot be told. */
  readonly candidatePer100k?: number;
  readonly shadowPer100k?: number;
  /** Of who applied it last. */
  readonly fence?: number;
  /** Instances that answer their checks. */
  readonly up?: { readonly candidate: number; readonly baseline: number };
  /** What is wrong with it, and the fix, although it answers. */
  readonly problem?: string;
}

export interface SideCounts {
  readonly requests: number;
  /** Answers of 500 and above, and requests that got none. */
  readonly errors: number;
}

/** Cumulative; a restart of the target may begin anew, so less than before means that. */
export interface TrafficCounts {
  readonly candidate: SideCounts;
  readonly baseline: SideCounts;
}

export const DEFAULT_APPLY_TIMEOUT_MS = 5_000;

/** What divides requests between two versions of a service. */
export interface TrafficTarget {
  readonly capabilities: TrafficCapabilities;
  /** How long a change may take at most, in milliseconds; then it is cut off. Default: 5 s. */
  readonly applyTimeoutMs?: number;
  /** @throws {TrafficError} */
  read(signal: AbortSignal): Promise<TrafficObserved>;
  /**
   * Idempotent. In force when it resolves, or soon after: `read` says.
   * @param fence of who may steer it: whoever steers it later has a higher one, in this release and in later ones
   * @param signal ends it: nothing is changed after that
   * @throws {TrafficError}
   */
  apply(desired: TrafficDesired, fence: number, signal: AbortSignal): Promise<void>;
  /** The target's own evidence. @throws {TrafficError} */
  count?(signal: AbortSignal): Promise<TrafficCounts>;
  close(): Promise<void>;
}

/**
 * `stale_fence`: someone steers it who came later; `unreachable`: it did not answer, try again; `refused`: it says no, and
 * will until someone changes something.
 */
export class TrafficError extends Error {
  override readonly name = 'TrafficError';
  readonly code: 'stale_fence' | 'unreachable' | 'refused';

  /** @param message a sentence that says the fix */
  constructor(code: TrafficError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** @throws {TrafficError} `stale_fence` */
export function refuseStale(fence: number, seen: number | undefined): void {
  if (seen === undefined || fence >= seen) return;
  throw new TrafficError(
    'stale_fence',
    `Someone with fence ${seen} steers it, which is above ${fence}: this server does not hold the release any more.`,
  );
}

/** Whether what is seen is what was wanted, as finely as the target can tell. Nobody and everyone are exact. */
export function isInForce(
  { candidatePer100k, shadowPer100k = 0 }: TrafficObserved,
  desired: TrafficDesired,
  { granularityPer100k }: TrafficCapabilities,
): boolean {
  const isNear = (seen: number | undefined, wanted: number) =>
    seen === wanted ||
    (seen !== undefined &&
      Math.abs(seen - wanted) * 2 < granularityPer100k &&
      ![0, BUCKET_COUNT].some((end) => seen === end || wanted === end));
  return isNear(candidatePer100k, desired.candidatePer100k) && isNear(shadowPer100k, desired.shadowPer100k ?? 0);
}
