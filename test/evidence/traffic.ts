import type { Arm, SliceArm, Window } from '@bunting/server';
import { drawBinomial, drawGeometric, drawPoisson, type Random } from './draw.ts';

const SLICES = 100;

/** What visitors do and meet. Functions of the seconds since the beginning; shares and rates 0 to 1. */
export interface Traffic {
  readonly perSecond: number;
  readonly share: (second: number) => number;
  readonly baseline: (second: number) => number;
  readonly candidate: (second: number) => number;
  /** Errors come in bursts of this mean size, each burst of one subject at one moment. */
  readonly burst?: number;
  /** From this second on one subject of the candidate fails once a second, without an end. */
  readonly retriesFrom?: number;
}

/** What a server would look at, window after window, without an end. */
export function* look(traffic: Traffic, windowMs: number, random: Random): Generator<Window> {
  const { perSecond, burst = 1, retriesFrom = Number.POSITIVE_INFINITY } = traffic;
  for (let startMs = 0; ; startMs += windowMs) {
    const second = startMs / 1_000;
    const requests = Math.round((perSecond * windowMs) / 1_000);
    const exposed = drawBinomial(random, requests, traffic.share(second));
    const retries = second >= retriesFrom ? windowMs / 1_000 : 0;
    const candidate = drawArm(random, exposed, traffic.candidate(second), burst, retries);
    const baseline = drawArm(random, requests - exposed, traffic.baseline(second), burst);
    yield {
      ...{ startMs, endMs: startMs + windowMs },
      ...{ candidate: candidate.arm, candidateSlices: candidate.slices },
      ...{ baseline: baseline.arm, baselineSlices: baseline.slices },
    };
  }
}

/** Bursts and the retries of the one subject, who is in slice 0, come on top of the other requests. */
function drawArm(
  random: Random,
  requests: number,
  rate: number,
  burst: number,
  retries = 0,
): { arm: Arm; slices: SliceArm[] } {
  const bads = new Array<number>(SLICES).fill(0);
  bads[0] = retries;
  const bursts = burst === 1 ? drawBinomial(random, requests, rate) : drawPoisson(random, (requests * rate) / burst);
  let bad = retries;
  for (let each = 0; each < bursts; each++) {
    const size = drawGeometric(random, burst);
    const slice = Math.floor(random() * SLICES);
    bads[slice] = (bads[slice] ?? 0) + size;
    bad += size;
  }
  const added = burst === 1 ? retries : bad;
  const even = (requests + added - bad) / SLICES;
  const slices = bads.map((bad, slice) => ({ slice, count: even + bad, bad }));
  return { arm: { count: requests + added, bad, subjects: bursts + Math.min(1, retries) }, slices };
}
