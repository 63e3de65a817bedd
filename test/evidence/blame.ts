import { beginTrial, type Guilt, hear, judgeTrial, type Look } from '@bunting/server';
import { seeded } from '../chaos/seeded.ts';
import { drawBinomial, type Random } from './draw.ts';

/** A release that moves a deploy and a flag, and what each does to errors from its beginning on. */
export interface Suspicion {
  readonly name: string;
  readonly perSecond: number;
  /** The share of requests that the new version answers, and that of users who have the flag on in it. */
  readonly traffic: number;
  readonly flagged: number;
  /** The share that fails without harm, by the second. */
  readonly rate: (second: number) => number;
  /** So many times as bad. */
  readonly deploy: number;
  readonly flag: number;
  /** The share of runs in which a guilty one should be named within the time. */
  readonly least: number;
}

const STEP_SECONDS = 1;
const SECONDS = 600;
const always = () => 0.005;
const QUIET = { perSecond: 100, traffic: 0.2, flagged: 0.5, rate: always, deploy: 1, flag: 1, least: 0.95 };

export const SUSPICIONS: readonly Suspicion[] = [
  { ...QUIET, name: 'nobody' },
  { ...QUIET, name: 'nobody, in an outage of all for 3 min', rate: (second) => (second % 300 < 180 ? 0.05 : 0.002) },
  { ...QUIET, name: 'the flag, 5 times', flag: 5 },
  { ...QUIET, name: 'the flag, 5 times, at 5 % of the new version', flag: 5, flagged: 0.05, least: 0.7 },
  { ...QUIET, name: 'the deploy, 5 times', deploy: 5 },
  { ...QUIET, name: 'both, 5 times each', deploy: 5, flag: 5 },
];

/** What came of the runs of one suspicion. */
export interface Tried {
  /** Runs in which someone innocent was accused, however late. */
  readonly wrong: number;
  /** Seconds until the first who is guilty was named, ascending; runs in which none was are missing. */
  readonly named: readonly number[];
}

export function tryAll(suspicion: Suspicion, runs: number, seed: number): Tried {
  let wrong = 0;
  const named: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { isWrong, second } = tryOnce(suspicion, seeded(seed + 7_919 * run));
    if (isWrong) wrong += 1;
    if (second !== undefined) named.push(second);
  }
  return { wrong, named: named.toSorted((a, b) => a - b) };
}

function tryOnce(suspicion: Suspicion, random: Random): { isWrong: boolean; second: number | undefined } {
  const isInnocent = { flag: suspicion.flag === 1, deploy: suspicion.deploy === 1 };
  let trial = beginTrial(1);
  let guilt: Guilt = { flag: false, deploy: false };
  let second: number | undefined;
  for (let at = 0; at < SECONDS; at += STEP_SECONDS) {
    trial = hear(1, trial, drawLook(suspicion, at, random));
    guilt = judgeTrial(1, trial);
    if ((guilt.flag && !isInnocent.flag) || (guilt.deploy && !isInnocent.deploy)) second ??= at + STEP_SECONDS;
  }
  return { isWrong: (guilt.flag && isInnocent.flag) || (guilt.deploy && isInnocent.deploy), second };
}

function drawLook({ perSecond, traffic, flagged, rate, deploy, flag }: Suspicion, at: number, random: Random): Look {
  const requests = perSecond * STEP_SECONDS;
  const present = drawBinomial(random, requests, traffic);
  const on = drawBinomial(random, present, flagged);
  const draw = (count: number, times: number) => ({ count, bad: drawBinomial(random, count, times * rate(at)) });
  const off = draw(present - on, deploy);
  return {
    ...{ startMs: at * 1_000, endMs: (at + STEP_SECONDS) * 1_000 },
    flag: { candidate: draw(on, deploy * flag), baseline: off },
    deploy: { candidate: off, baseline: draw(requests - present, 1) },
  };
}
