import { logLikelihoodRatio } from './ceiling.ts';
import { advanceEProcess, logEOf, startWeightOf, thresholdOf } from './e-process.ts';
import { beginRelative, type RelativeMemory, type RelativeOptions, takeRelative } from './relative.ts';
import type { SequentialTest } from './sequential-test.ts';
import { silenceOf } from './silence.ts';
import type { SpecOf } from './test-spec.ts';

type Spec = SpecOf<'crash'>;

/** Only what is overwhelming: with few alternatives, each takes few errors. */
export const CRASH_HARMS: readonly number[] = [10, 30, 100];
const MAX_RATE = 0.9;

/**
 * Is the candidate far worse? Against the baseline where there is one that is as good as the same people; else against
 * a share that no working code reaches. Which of the two depends on the split, never on what was bad, so a test goes on
 * when a rollout reaches everyone. Subjects are counted where they are known: one who retries is no crash.
 */
export const crash: SequentialTest<Spec, RelativeMemory> = {
  begin: (spec) => beginRelative(optionsOf(spec)),
  take(spec, memory, window) {
    const { startMs, endMs, candidate, baseline } = window;
    const windowMs = endMs - startMs;
    if (baseline !== undefined) {
      return { memory: takeRelative(optionsOf(spec), memory, window, windowMs), silence: silenceOf(window) };
    }
    if (candidate.count === 0) return { memory, silence: 'no_traffic' };
    const { count, bad, subjects = bad } = candidate;
    const counted = { count: count - bad + subjects, bad: subjects };
    const increments = crashRates(spec.atMost).map((rate) => logLikelihoodRatio(counted, rate, spec.atMost));
    const process = advanceEProcess(memory.process, increments, startWeightOf(windowMs, spec.periodMs));
    return { memory: { ...memory, process } };
  },
  find({ alpha }, { process }) {
    const [logE, threshold] = [logEOf(process), thresholdOf(alpha)];
    return { isFailed: logE >= threshold, logE, threshold };
  },
};

/** What share of bad ones is looked for where there is no baseline. */
export function crashRates(atMost: number): number[] {
  return CRASH_HARMS.map((harm) => Math.min(MAX_RATE, atMost * harm));
}

function optionsOf({ periodMs }: Spec): RelativeOptions {
  return { harms: CRASH_HARMS, tolerance: 1, unit: 'subjects', ...(periodMs !== undefined && { periodMs }) };
}
