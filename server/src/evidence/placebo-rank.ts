import { advanceEProcess, beginEProcess, type EProcess, logEOf, startWeightOf, thresholdOf } from './e-process.ts';
import { countBadLately, isFresh, type LastBad, NEVER_BAD, noteBad } from './fresh-slices.ts';
import { logHypergeometric } from './hypergeometric.ts';
import { addSlices, EMPTY_STEP, findUnits, type Step, type Units } from './placebo-units.ts';
import type { SequentialTest } from './sequential-test.ts';
import { silenceOf } from './silence.ts';
import type { SpecOf } from './test-spec.ts';

/** So many times the odds to be among the worst: what harm is looked for. */
export const PLACEBO_HARMS: readonly number[] = [2, 5, 10, 30];

export const DEFAULT_STEP_MS = 5_000;

/** What fewer slices of the candidate suffer from lately is no harm of the candidate: one subject, a few retries. */
const MIN_SLICES = 3;

export type PlaceboMemory = {
  readonly process: EProcess;
  readonly watchedMs: number;
  /** The step that is not over. */
  readonly stepMs: number;
  readonly step: Step;
  readonly lastBad: LastBad;
};

/**
 * Are the worst units the candidate's? Units are groups of subjects as large as each other. If the candidate does no
 * harm, which of them are its own has nothing to do with which are the worst, so the number of its worst ones is
 * hypergeometric, exactly, whatever a unit's errors are like: in bursts, of one subject, frequent or rare. Nothing is
 * drawn: where units tie, all of them or none are among the worst.
 *
 * Takes steps to be independent of each other: a burst must not last much longer than a step.
 */
export const placeboRank: SequentialTest<SpecOf<'placebo_rank'>, PlaceboMemory> = {
  begin: () => ({
    process: beginEProcess(PLACEBO_HARMS.length),
    watchedMs: 0,
    stepMs: 0,
    step: EMPTY_STEP,
    lastBad: NEVER_BAD,
  }),
  take({ stepMs = DEFAULT_STEP_MS, periodMs }, memory, window) {
    const silence = silenceOf(window);
    const { startMs, endMs, candidateSlices, baselineSlices } = window;
    if (candidateSlices === undefined || baselineSlices === undefined) {
      return { memory, silence: silence ?? 'no_slices' };
    }
    const watchedMs = memory.watchedMs + endMs - startMs;
    const step = {
      candidate: addSlices(memory.step.candidate, candidateSlices),
      baseline: addSlices(memory.step.baseline, baselineSlices),
    };
    const passedMs = memory.stepMs + endMs - startMs;
    if (passedMs < stepMs) return { memory: { ...memory, watchedMs, stepMs: passedMs, step }, silence };
    const units = findUnits(step, (slice) => isFresh(memory.lastBad, slice, watchedMs - passedMs));
    const increments = PLACEBO_HARMS.map((harm) => (units === undefined ? 0 : logLikelihoodRatio(units, harm)));
    const process = advanceEProcess(memory.process, increments, startWeightOf(passedMs, periodMs));
    const lastBad = noteBad(memory.lastBad, (slice) => (step.candidate.bads[slice] ?? 0) > 0, watchedMs);
    return { memory: { process, watchedMs, stepMs: 0, step: EMPTY_STEP, lastBad }, silence };
  },
  find({ alpha }, { process, watchedMs, lastBad }) {
    const [logE, threshold] = [logEOf(process), thresholdOf(alpha)];
    const isSpread = countBadLately(lastBad, watchedMs) >= MIN_SLICES;
    return { isFailed: logE >= threshold && isSpread, logE, threshold };
  },
};

/** How much likelier these worst ones are when the candidate's units are so many times as likely to be among them. */
function logLikelihoodRatio({ candidates, all, candidateHits, hits }: Units, harm: number): number {
  const urn = { all, marked: candidates, drawn: hits };
  let sum = 0;
  for (let each = 0; each <= Math.min(candidates, hits); each++) {
    sum += Math.exp(logHypergeometric(each, urn) + each * Math.log(harm));
  }
  return candidateHits * Math.log(harm) - Math.log(sum);
}
