import { advanceEProcess, beginEProcess, type EProcess, logEOf, startWeightOf, thresholdOf } from './e-process.ts';
import { logHypergeometric } from './hypergeometric.ts';
import { addSlices, type Cells, EMPTY_CELLS, findUnits, type Units } from './placebo-units.ts';
import type { SequentialTest } from './sequential-test.ts';
import { silenceOf } from './silence.ts';
import type { SpecOf } from './test-spec.ts';
import type { Window } from './window.ts';

/** So many times the odds to be among the worst: what harm is looked for. */
export const PLACEBO_HARMS: readonly number[] = [2, 5, 10, 30];

export const DEFAULT_STEP_MS = 5_000;

/** What only so few slices of the candidate suffer from lately is no harm of the candidate: one subject, a few retries. */
const MIN_SLICES = 3;
const LATELY_MS = 60_000;
const NEVER_MS = -LATELY_MS;

export type PlaceboMemory = {
  readonly process: EProcess;
  readonly watchedMs: number;
  /** The step that is not over. */
  readonly stepMs: number;
  readonly candidate: Cells;
  readonly baseline: Cells;
  /** Of each slice of the candidate: when it was bad last, by the time that was watched. */
  readonly lastBadMs: readonly number[];
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
    candidate: EMPTY_CELLS,
    baseline: EMPTY_CELLS,
    lastBadMs: EMPTY_CELLS.counts.map(() => NEVER_MS),
  }),
  take({ stepMs = DEFAULT_STEP_MS, periodMs }, memory, window) {
    const silence = silenceOf(window);
    const { candidateSlices, baselineSlices } = window;
    if (candidateSlices === undefined || baselineSlices === undefined) {
      return { memory, silence: silence ?? 'no_slices' };
    }
    const grown = grow(memory, window);
    if (grown.stepMs < stepMs) return { memory: grown, silence };
    const units = findUnits(grown.candidate, grown.baseline);
    const increments = PLACEBO_HARMS.map((harm) => (units === undefined ? 0 : logLikelihoodRatio(units, harm)));
    const process = advanceEProcess(grown.process, increments, startWeightOf(grown.stepMs, periodMs));
    return { memory: { ...grown, process, stepMs: 0, candidate: EMPTY_CELLS, baseline: EMPTY_CELLS }, silence };
  },
  find({ alpha }, { process, watchedMs, lastBadMs }) {
    const [logE, threshold] = [logEOf(process), thresholdOf(alpha)];
    const badSlices = lastBadMs.filter((atMs) => atMs > watchedMs - LATELY_MS).length;
    return { isFailed: logE >= threshold && badSlices >= MIN_SLICES, logE, threshold };
  },
};

function grow(
  memory: PlaceboMemory,
  { startMs, endMs, candidateSlices = [], baselineSlices = [] }: Window,
): PlaceboMemory {
  const watchedMs = memory.watchedMs + endMs - startMs;
  const lastBadMs = [...memory.lastBadMs];
  for (const { slice, bad } of candidateSlices) {
    if (bad > 0) lastBadMs[slice] = watchedMs;
  }
  return {
    ...memory,
    watchedMs,
    stepMs: memory.stepMs + endMs - startMs,
    candidate: addSlices(memory.candidate, candidateSlices),
    baseline: addSlices(memory.baseline, baselineSlices),
    lastBadMs,
  };
}

/** How much likelier these worst ones are when the candidate's units are so many times as likely to be among them. */
function logLikelihoodRatio({ candidates, all, candidateHits, hits }: Units, harm: number): number {
  const urn = { all, marked: candidates, drawn: hits };
  let sum = 0;
  for (let each = 0; each <= Math.min(candidates, hits); each++) {
    sum += Math.exp(logHypergeometric(each, urn) + each * Math.log(harm));
  }
  return candidateHits * Math.log(harm) - Math.log(sum);
}
