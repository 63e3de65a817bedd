import type { Arms, Window } from '@bunting/server';
import { drawBinomial, drawNormal, type Random } from './draw.ts';

const MEDIAN_MS = 100;
/** Of the logarithm: one request in 40 takes three times the median or more. */
const DEVIATION = 0.55;

/** How long requests take: lognormal, and what the candidate makes of it. */
export interface Durations {
  readonly perSecond: number;
  readonly share: number;
  /** What the candidate's requests take, times this. */
  readonly factor: number;
  /** So many of the candidate's take a second and a half longer. */
  readonly stalls: number;
}

/** Windows that count what took longer than each threshold. */
export function* time(
  durations: Durations,
  thresholdsMs: readonly number[],
  windowMs: number,
  random: Random,
): Generator<Window> {
  const { perSecond, share, factor, stalls } = durations;
  for (let startMs = 0; ; startMs += windowMs) {
    const requests = Math.round((perSecond * windowMs) / 1_000);
    const exposed = drawBinomial(random, requests, share);
    const ofCandidate = countSlower(random, exposed, thresholdsMs, factor, stalls);
    const ofBaseline = countSlower(random, requests - exposed, thresholdsMs, 1, 0);
    const slower = thresholdsMs.map((_, at): Arms => {
      return {
        candidate: { count: exposed, bad: ofCandidate[at] ?? 0 },
        baseline: { count: requests - exposed, bad: ofBaseline[at] ?? 0 },
      };
    });
    const none = { count: exposed, bad: 0 };
    yield { startMs, endMs: startMs + windowMs, candidate: none, slower };
  }
}

function countSlower(
  random: Random,
  requests: number,
  thresholdsMs: readonly number[],
  factor: number,
  stalls: number,
): number[] {
  const slower = thresholdsMs.map(() => 0);
  for (let each = 0; each < requests; each++) {
    const stalledMs = stalls > 0 && random() < stalls ? 1_500 : 0;
    const tookMs = MEDIAN_MS * Math.exp(DEVIATION * drawNormal(random)) * factor + stalledMs;
    for (const [at, thresholdMs] of thresholdsMs.entries()) {
      if (tookMs > thresholdMs) slower[at] = (slower[at] ?? 0) + 1;
    }
  }
  return slower;
}
