import { advanceEProcess, beginEProcess, type EProcess, logEOf, thresholdOf } from './e-process.ts';
import { InvalidEvidence } from './invalid-evidence.ts';
import { shareOfBad } from './relative.ts';
import type { SequentialTest } from './sequential-test.ts';
import type { SpecOf } from './test-spec.ts';

/** So many times the odds that a subject should have to get the candidate: too few, and too many. */
export const ODDS: readonly number[] = [0.5, 0.7, 0.8, 0.9, 0.95, 1.05, 1.1, 1.25, 1.5, 2];

/** Does the split give the candidate its share of subjects? `count` is of first exposures; nothing is bad. */
export const sampleRatio: SequentialTest<SpecOf<'sample_ratio'>, EProcess> = {
  begin(spec) {
    expectedOf(spec);
    return beginEProcess(ODDS.length);
  },
  take(spec, memory, { candidate, baseline = { count: 0 } }) {
    const [given, others] = [candidate.count, baseline.count];
    if (given + others === 0) return { memory, silence: 'no_traffic' };
    const expected = expectedOf(spec);
    const increments = ODDS.map((odds) => {
      const share = shareOfBad(expected, odds);
      return given * Math.log(share / expected) + others * Math.log((1 - share) / (1 - expected));
    });
    return { memory: advanceEProcess(memory, increments, 0) };
  },
  find({ alpha }, memory) {
    const [logE, threshold] = [logEOf(memory), thresholdOf(alpha)];
    return { isFailed: logE >= threshold, logE, threshold };
  },
};

/** @throws {InvalidEvidence} when it is not said: no share is the usual one */
export function expectedOf({ expected }: SpecOf<'sample_ratio'>): number {
  if (expected === undefined) throw new InvalidEvidence('a test of the sample ratio needs the expected share');
  return expected;
}
