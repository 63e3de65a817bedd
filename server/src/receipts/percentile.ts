/** First, 50th, 90th, 99th percentile and last of some durations, in milliseconds; null without any. */
export interface Timing {
  readonly firstMs: number | null;
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p99Ms: number | null;
  readonly lastMs: number | null;
}

export function timingOf(ascendingMs: ArrayLike<number>): Timing {
  return {
    firstMs: percentile(ascendingMs, 0),
    p50Ms: percentile(ascendingMs, 50),
    p90Ms: percentile(ascendingMs, 90),
    p99Ms: percentile(ascendingMs, 99),
    lastMs: percentile(ascendingMs, 100),
  };
}

/** The p-th percentile (nearest rank) of ascending samples, to a tenth; null without samples. */
export function percentile(ascending: ArrayLike<number>, p: number): number | null {
  const rank = Math.max(1, Math.ceil((p / 100) * ascending.length));
  const sample = ascending[rank - 1];
  return sample === undefined ? null : Math.round(sample * 10) / 10;
}
