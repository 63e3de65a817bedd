/** Why the last window said nothing. */
export type Silence = 'no_traffic' | 'no_baseline' | 'no_slices' | 'no_latencies';

/** How fast a budget is used up, over one pair of windows; 1: just so that it lasts for the 30 days. */
export interface Burn {
  readonly longMs: number;
  readonly long: number;
  readonly short: number;
  /** Both above this: failed. */
  readonly limit: number;
}

export interface Verdict {
  /** Failed once, failed for ever: what happens next is up to a new test. */
  readonly verdict: 'pending' | 'failed';
  /** End of the window that failed it. */
  readonly failedAtMs?: number;
  /** How long it looked, and at how many windows; those that said nothing not counted. */
  readonly watchedMs: number;
  readonly windows: number;
  /** Why the last window said nothing; absent when it said something, or none was given. */
  readonly silence?: Silence;
  /** Natural logarithm of the evidence against "it does no harm": 0 is none. Not of burn rates. */
  readonly logE?: number;
  /** The line: at `logE` of this or more it has failed. */
  readonly threshold?: number;
  readonly burns?: readonly Burn[];
}
