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
}

/** What a server would look at, window after window, without an end. */
export function* look(traffic: Traffic, windowMs: number, random: Random): Generator<Window> {
  const { perSecond, burst = 1 } = traffic;
  for (let startMs = 0; ; startMs += windowMs) {
    const second = startMs / 1_000;
    const requests = Math.round((perSecond * windowMs) / 1_000);
    const exposed = drawBinomial(random, requests, traffic.share(second));
    const candidate = drawArm(random, exposed, traffic.candidate(second), burst);
    const baseline = drawArm(random, requests - exposed, traffic.baseline(second), burst);
    yield {
      ...{ startMs, endMs: startMs + windowMs },
      ...{ candidate: candidate.arm, candidateSlices: candidate.slices },
      ...{ baseline: baseline.arm, baselineSlices: baseline.slices },
    };
  }
}

/** A burst's requests come on top of the others. */
function drawArm(random: Random, requests: number, rate: number, burst: number): { arm: Arm; slices: SliceArm[] } {
  const bads = new Array<number>(SLICES).fill(0);
  const bursts = burst === 1 ? drawBinomial(random, requests, rate) : drawPoisson(random, (requests * rate) / burst);
  let bad = 0;
  for (let each = 0; each < bursts; each++) {
    const size = drawGeometric(random, burst);
    const slice = Math.floor(random() * SLICES);
    bads[slice] = (bads[slice] ?? 0) + size;
    bad += size;
  }
  const count = burst === 1 ? requests : requests + bad;
  const even = (count - bad) / SLICES;
  const slices = bads.map((bad, slice) => ({ slice, count: even + bad, bad }));
  return { arm: { count, bad, subjects: bursts }, slices };
}
