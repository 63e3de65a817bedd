import type { Verdict } from '../../evidence/verdict.ts';

/** What both sides did in a stretch of time. */
export type Sums = {
  readonly candidate: number;
  readonly candidateBad: number;
  readonly baseline: number;
  readonly baselineBad: number;
};

export const NO_SUMS: Sums = { candidate: 0, candidateBad: 0, baseline: 0, baselineBad: 0 };

/**
 * The stretch in which evidence grew from nothing (E of 1) to what it is. A test with a period begins anew all the time, and
 * finds harm that began late: sums since the gate began say little of that, and may look innocent.
 */
export type Growth = {
  /** Milliseconds since 1970, UTC; null: nothing was seen yet. */
  readonly sinceMs: number | null;
  readonly sums: Sums;
};

export const NO_GROWTH: Growth = { sinceMs: null, sums: NO_SUMS };

/** @param after what the test says after the stretch that is added; once it has failed nothing is */
export function grow(
  { sinceMs, sums }: Growth,
  added: Sums,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  { logE = 0 }: Pick<Verdict, 'logE'>,
): Growth {
  return logE <= 0 ? { sinceMs: toMs, sums: NO_SUMS } : { sinceMs: sinceMs ?? fromMs, sums: addSums(sums, added) };
}

export function addSums(one: Sums, other: Sums): Sums {
  return {
    candidate: one.candidate + other.candidate,
    candidateBad: one.candidateBad + other.candidateBad,
    baseline: one.baseline + other.baseline,
    baselineBad: one.baselineBad + other.baselineBad,
  };
}
