import { logEOf, meanOfLogs, thresholdOf } from './e-process.ts';
import { beginRelative, RELATIVE_HARMS, type RelativeMemory, type RelativeOptions, takeRelative } from './relative.ts';
import type { SequentialTest } from './sequential-test.ts';
import { silenceOf } from './silence.ts';
import type { SpecOf } from './test-spec.ts';

type Spec = SpecOf<'latency'>;

/** Is the candidate slower? Being above each threshold is compared as errors are; their evidence is averaged. */
export const latency: SequentialTest<Spec, readonly RelativeMemory[]> = {
  begin: (spec) => spec.thresholdsMs.map(() => beginRelative(optionsOf(spec))),
  take(spec, memory, { startMs, endMs, slower }) {
    const first = slower?.[0];
    if (slower === undefined || first === undefined || slower.length !== spec.thresholdsMs.length) {
      return { memory, silence: 'no_latencies' };
    }
    return {
      memory: memory.map((each, at) => takeRelative(optionsOf(spec), each, slower[at] ?? first, endMs - startMs)),
      silence: silenceOf(first),
    };
  },
  find({ alpha }, memory) {
    const [logE, threshold] = [meanOfLogs(memory.map(({ process }) => logEOf(process))), thresholdOf(alpha)];
    return { isFailed: logE >= threshold, logE, threshold };
  },
};

function optionsOf(spec: Spec): RelativeOptions {
  return { ...spec, harms: RELATIVE_HARMS };
}
