import { advance, newTest, verdictOf } from '../evidence/evidence.ts';
import type { TestSpec } from '../evidence/test-spec.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { placeboOf } from './placebo-band.ts';
import { type Pair, type Step, toWindow } from './step.ts';

/** Steps with what a test made of them, for charts. */
export function toPoints(spec: TestSpec, steps: readonly Step[]) {
  let state = newTest(spec);
  return steps.map((step) => {
    state = advance(spec, state, toWindow(step));
    const { logE } = verdictOf(spec, state);
    const { fromMs, toMs, candidate, baseline } = step;
    const placebo = placeboOf(step);
    return {
      ...{ from: toTimestamp(fromMs), to: toTimestamp(toMs), candidate: toArm(candidate) },
      ...(baseline === undefined ? {} : { baseline: toArm(baseline) }),
      ...(placebo === undefined ? {} : { placebo }),
      ...(logE === undefined ? {} : { logE }),
    };
  });
}

function toArm([count, bad]: Pair) {
  return { count, bad };
}
