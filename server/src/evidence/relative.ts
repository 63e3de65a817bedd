import { advanceEProcess, beginEProcess, type EProcess, startWeightOf } from './e-process.ts';
import type { Arm, Arms } from './window.ts';

/** How many times as bad as tolerated a candidate may be: what harm is looked for. */
export const RELATIVE_HARMS: readonly number[] = [1.25, 1.5, 2, 3, 5, 10, 20];

/**
 * Windows are put together until there are so many requests of both arms, so that a trickle of traffic is compared by
 * its true shares. When that is depends on traffic alone, never on what was bad.
 */
const MIN_REQUESTS = 20;

/** Counts that are not judged yet: how long, then count and bad of candidate and baseline. */
type Pool = readonly [windowMs: number, candidate: number, candidateBad: number, baseline: number, baselineBad: number];
const EMPTY: Pool = [0, 0, 0, 0, 0];

export type RelativeMemory = { readonly process: EProcess; readonly pool: Pool };

export interface RelativeOptions {
  readonly harms: readonly number[];
  readonly tolerance: number;
  readonly unit?: 'requests' | 'subjects';
  readonly periodMs?: number;
}

export function beginRelative({ harms }: RelativeOptions): RelativeMemory {
  return { process: beginEProcess(harms.length), pool: EMPTY };
}

/**
 * Is the candidate bad more than `tolerance` times as often as the baseline? Given how much of a window is bad in all,
 * and the candidate's share pi of its requests, each bad one is the candidate's with a chance of
 * s(risk) = pi * risk / (pi * risk + 1 - pi). Holds for any rate that both share, and for shares that change: an outage
 * of both is no evidence. Exact for tolerance 1 (the hypergeometric distribution is dominated by the binomial one,
 * Hoeffding 1963), a Poisson limit above. Takes errors to be independent: bursts break it.
 *
 * Source: Lindon, Malek 2022, Anytime-Valid Inference for Multinomial Count Data.
 */
export function takeRelative(
  options: RelativeOptions,
  { process, pool }: RelativeMemory,
  { candidate, baseline = { count: 0, bad: 0 } }: Arms,
  windowMs: number,
): RelativeMemory {
  const pooled: Pool = [
    pool[0] + windowMs,
    pool[1] + candidate.count,
    pool[2] + badOf(candidate, options.unit),
    pool[3] + baseline.count,
    pool[4] + badOf(baseline, options.unit),
  ];
  const [ms, count, bad, baselineCount, baselineBad] = pooled;
  if (count === 0 || baselineCount === 0 || count + baselineCount < MIN_REQUESTS) return { process, pool: pooled };
  const share = count / (count + baselineCount);
  const expected = shareOfBad(share, options.tolerance);
  const increments = options.harms.map((harm) => {
    const harmed = shareOfBad(share, options.tolerance * harm);
    return bad * Math.log(harmed / expected) + baselineBad * Math.log((1 - harmed) / (1 - expected));
  });
  return { process: advanceEProcess(process, increments, startWeightOf(ms, options.periodMs)), pool: EMPTY };
}

/** The candidate's share of what is bad, when it has this share of requests and is so many times as bad. */
export function shareOfBad(share: number, risk: number): number {
  return (share * risk) / (share * risk + 1 - share);
}

function badOf({ bad, subjects = bad }: Arm, unit: RelativeOptions['unit']): number {
  return unit === 'subjects' ? subjects : bad;
}
