import { logLikelihoodRatio } from './ceiling.ts';
import { advanceEProcess, type EProcess, logEOf, startWeightOf, thresholdOf } from './e-process.ts';
import { isFresh, type LastBad, NEVER_BAD, noteBad } from './fresh-slices.ts';
import { beginRelative, type RelativeMemory, type RelativeOptions, takeRelative } from './relative.ts';
import type { SequentialTest } from './sequential-test.ts';
import { silenceOf } from './silence.ts';
import type { SpecOf } from './test-spec.ts';
import type { Arm, Window } from './window.ts';

type Spec = SpecOf<'crash'>;

/** Only what is overwhelming: with few alternatives, each takes few errors. */
export const CRASH_HARMS: readonly number[] = [10, 30, 100];
const MAX_RATE = 0.9;

export type CrashMemory = RelativeMemory & { readonly watchedMs: number; readonly lastBad: LastBad };

/**
 * Is the candidate far worse? Against the baseline where there is one that is as good as the same people; else against
 * a share that no working code reaches. Which of the two depends on the split, never on what was bad, so a test goes on
 * when a rollout reaches everyone.
 *
 * Of the candidate only slices count that were not bad within the last minute, where slices are known, else failing
 * subjects, else requests: the fewer say so, the less it is one who retries. That speaks for the candidate only.
 */
export const crash: SequentialTest<Spec, CrashMemory> = {
  begin: (spec) => ({ ...beginRelative(optionsOf(spec)), watchedMs: 0, lastBad: NEVER_BAD }),
  take(spec, memory, window) {
    const windowMs = window.endMs - window.startMs;
    const watchedMs = memory.watchedMs + windowMs;
    const candidate = countNews(window, memory.lastBad, memory.watchedMs);
    const badSlices = new Set(window.candidateSlices?.flatMap(({ slice, bad }) => (bad > 0 ? [slice] : [])));
    const lastBad = noteBad(memory.lastBad, (slice) => badSlices.has(slice), watchedMs);
    const judged =
      window.baseline === undefined
        ? { ...memory, process: judgeAlone(spec, memory.process, candidate, windowMs) }
        : takeRelative(optionsOf(spec), memory, { candidate, baseline: window.baseline }, windowMs);
    const silence = window.baseline === undefined && candidate.count > 0 ? undefined : silenceOf(window);
    return { memory: { ...judged, watchedMs, lastBad }, silence };
  },
  find({ alpha }, { process }) {
    const [logE, threshold] = [logEOf(process), thresholdOf(alpha)];
    return { isFailed: logE >= threshold, logE, threshold };
  },
};

function judgeAlone({ atMost, periodMs }: Spec, process: EProcess, candidate: Arm, windowMs: number): EProcess {
  if (candidate.count === 0) return process;
  const increments = crashRates(atMost).map((rate) => logLikelihoodRatio(candidate, rate, atMost));
  return advanceEProcess(process, increments, startWeightOf(windowMs, periodMs));
}

/** The candidate, with what is bad of it counted as what is news of that. Repeats are left out of its requests, too. */
function countNews({ candidate, candidateSlices }: Window, lastBad: LastBad, nowMs: number): Arm {
  const { count, bad, subjects = bad } = candidate;
  const fresh = candidateSlices?.filter(({ slice, bad }) => bad > 0 && isFresh(lastBad, slice, nowMs)).length;
  const news = Math.min(subjects, fresh ?? subjects);
  return { count: count - bad + news, bad: news };
}

/** What share of bad ones is looked for where there is no baseline. */
export function crashRates(atMost: number): number[] {
  return CRASH_HARMS.map((harm) => Math.min(MAX_RATE, atMost * harm));
}

function optionsOf({ periodMs }: Spec): RelativeOptions {
  return { harms: CRASH_HARMS, tolerance: 1, unit: 'subjects', ...(periodMs !== undefined && { periodMs }) };
}
