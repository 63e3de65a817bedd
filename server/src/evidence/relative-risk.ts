import { logEOf, thresholdOf } from './e-process.ts';
import { beginRelative, RELATIVE_HARMS, type RelativeMemory, type RelativeOptions, takeRelative } from './relative.ts';
import type { SequentialTest } from './sequential-test.ts';
import { silenceOf } from './silence.ts';
import type { SpecOf } from './test-spec.ts';

type Spec = SpecOf<'relative_risk'>;

/** Is the candidate bad more often than the baseline? See `takeRelative`. */
export const relativeRisk: SequentialTest<Spec, RelativeMemory> = {
  begin: (spec) => beginRelative(optionsOf(spec)),
  take: (spec, memory, window) => ({
    memory: takeRelative(optionsOf(spec), memory, window, window.endMs - window.startMs),
    silence: silenceOf(window),
  }),
  find({ alpha }, { process }) {
    const [logE, threshold] = [logEOf(process), thresholdOf(alpha)];
    return { isFailed: logE >= threshold, logE, threshold };
  },
};

function optionsOf(spec: Spec): RelativeOptions {
  return { ...spec, harms: RELATIVE_HARMS };
}
