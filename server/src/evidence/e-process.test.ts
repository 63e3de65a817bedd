import { describe, expect, it } from 'vitest';
import { advanceEProcess, beginEProcess, logEOf, meanOfLogs } from './e-process.ts';
import { advance, newTest, verdictOf } from './evidence.ts';
import type { TestSpec } from './test-spec.ts';
import type { Window } from './window.ts';

describe('an e-process', () => {
  it('is the mean of what each alternative says', () => {
    const process = advanceEProcess(beginEProcess(2), [Math.log(3), Math.log(0.5)], 0);
    expect(logEOf(process)).toBeCloseTo(Math.log(1.75), 12);
    expect(logEOf(advanceEProcess(process, [Math.log(3), Math.log(0.5)], 0))).toBeCloseTo(Math.log(4.625), 12);
  });

  it('bears numbers that exceed what can be exponentiated', () => {
    expect(meanOfLogs([5_000, -5_000])).toBeCloseTo(5_000 - Math.log(2), 9);
    expect(logEOf(advanceEProcess([-1e9], [0], 0.01))).toBeCloseTo(Math.log(0.01), 9);
  });

  it('begins anew all the time where that is asked for', () => {
    // By hand: (1 + 0.1) * 0.5 = 0.55, then (0.55 + 0.1) * 4 = 2.6.
    const once = advanceEProcess(beginEProcess(1), [Math.log(0.5)], 0.1);
    expect(logEOf(advanceEProcess(once, [Math.log(4)], 0.1))).toBeCloseTo(Math.log(2.6), 12);
  });

  it('sees harm after good months as soon as after a good minute', () => {
    const spec: TestSpec = { kind: 'relative_risk', alpha: 0.01, tolerance: 1, periodMs: 86_400_000 };
    const standing = (goodSeconds: number, of: TestSpec) => {
      let state = newTest(of);
      const look = (second: number, bad: number): Window => ({
        ...{ startMs: second * 1_000, endMs: second * 1_000 + 1_000 },
        ...{ candidate: { count: 10, bad }, baseline: { count: 190, bad: 1 } },
      });
      for (let second = 0; second < goodSeconds; second++) state = advance(of, state, look(second, 0));
      for (let second = goodSeconds; ; second++) {
        state = advance(of, state, look(second, 1));
        if (verdictOf(of, state).verdict === 'failed') return second - goodSeconds + 1;
      }
    };
    expect(standing(600, spec)).toBeLessThan(15);
    expect(standing(30_000, spec)).toBe(standing(600, spec));
    // The other one has all the good ones to make up for.
    expect(standing(30_000, { kind: 'relative_risk', alpha: 0.01, tolerance: 1 })).toBeGreaterThan(500);
  });
});
