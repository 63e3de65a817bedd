import { describe, expect, it } from 'vitest';
import { advance, newTest, verdictOf } from './evidence.ts';
import type { TestSpec } from './test-spec.ts';
import type { Arm } from './window.ts';

const spec: TestSpec = { kind: 'relative_risk', alpha: 0.01, tolerance: 1 };

const judge = (candidate: Arm, baseline: Arm, of: TestSpec = spec) =>
  verdictOf(of, advance(of, newTest(of), { startMs: 0, endMs: 1_000, candidate, baseline }));

describe('relative risk', () => {
  it('weighs each error by whose it would be under each harm', () => {
    // Half the traffic each: one error of the candidate multiplies the evidence of harm rho by 2 rho / (rho + 1).
    const mean = [1.25, 1.5, 2, 3, 5, 10, 20].map((harm) => (2 * harm) / (harm + 1)).reduce((a, b) => a + b) / 7;
    expect(judge({ count: 50, bad: 1 }, { count: 50, bad: 0 }).logE).toBeCloseTo(Math.log(mean), 12);
    // 5 %: 3 errors of the candidate, 2 of the baseline, by hand for each harm.
    const byHand = [1.25, 1.5, 2, 3, 5, 10, 20].map((harm) => {
      const share = (0.05 * harm) / (0.05 * harm + 0.95);
      return (share / 0.05) ** 3 * ((1 - share) / 0.95) ** 2;
    });
    const logE = Math.log(byHand.reduce((a, b) => a + b) / 7);
    expect(judge({ count: 50, bad: 3 }, { count: 950, bad: 2 }).logE).toBeCloseTo(logE, 12);
  });

  it('fails at 1 / alpha, and stays failed', () => {
    const failed = judge({ count: 50, bad: 5 }, { count: 950, bad: 1 });
    expect(failed).toMatchObject({ verdict: 'failed', failedAtMs: 1_000, threshold: -Math.log(0.01) });
    let state = newTest(spec);
    state = advance(spec, state, {
      startMs: 0,
      endMs: 1_000,
      candidate: { count: 50, bad: 5 },
      baseline: { count: 950, bad: 1 },
    });
    state = advance(spec, state, {
      startMs: 1_000,
      endMs: 2_000,
      candidate: { count: 5_000, bad: 0 },
      baseline: { count: 95_000, bad: 99 },
    });
    const after = verdictOf(spec, state);
    expect(after).toMatchObject({ verdict: 'failed', failedAtMs: 1_000 });
    expect(after.logE).toBeLessThan(0);
  });

  it('takes an outage of both arms for no evidence', () => {
    expect(judge({ count: 50, bad: 25 }, { count: 950, bad: 475 }).logE).toBeLessThan(0);
  });

  it('bears as much harm as it is told to', () => {
    const tolerant: TestSpec = { ...spec, tolerance: 2 };
    expect(judge({ count: 500, bad: 20 }, { count: 500, bad: 10 }).logE).toBeGreaterThan(0);
    expect(judge({ count: 500, bad: 20 }, { count: 500, bad: 10 }, tolerant).logE).toBeLessThan(0);
  });

  it('waits for a trickle of traffic until it can be compared', () => {
    let state = newTest(spec);
    for (let second = 0; second < 19; second++) {
      const [candidate, baseline] =
        second === 7
          ? [
              { count: 1, bad: 1 },
              { count: 0, bad: 0 },
            ]
          : [
              { count: 0, bad: 0 },
              { count: 1, bad: 0 },
            ];
      state = advance(spec, state, { startMs: second * 1_000, endMs: second * 1_000 + 1_000, candidate, baseline });
      expect(verdictOf(spec, state).logE).toBe(0);
    }
    state = advance(spec, state, {
      startMs: 19_000,
      endMs: 20_000,
      candidate: { count: 0, bad: 0 },
      baseline: { count: 1, bad: 0 },
    });
    expect(verdictOf(spec, state).logE).toBeCloseTo(judge({ count: 1, bad: 1 }, { count: 19, bad: 0 }).logE ?? 0, 12);
  });

  it('counts whom it failed for where that is asked and known', () => {
    const bySubject: TestSpec = { ...spec, unit: 'subjects' };
    const baseline = { count: 950, bad: 0 };
    const retries = judge({ count: 50, bad: 20, subjects: 1 }, baseline, bySubject).logE;
    expect(retries).toBe(judge({ count: 50, bad: 1 }, baseline).logE);
    expect(judge({ count: 50, bad: 20 }, baseline, bySubject).logE).toBe(judge({ count: 50, bad: 20 }, baseline).logE);
  });

  it('says why it has nothing to say', () => {
    expect(judge({ count: 0, bad: 0 }, { count: 950, bad: 2 })).toMatchObject({
      silence: 'no_traffic',
      windows: 0,
      watchedMs: 0,
    });
    expect(judge({ count: 50, bad: 1 }, { count: 0, bad: 0 })).toMatchObject({ silence: 'no_baseline', windows: 0 });
    expect(judge({ count: 50, bad: 1 }, { count: 9, bad: 0 })).not.toHaveProperty('silence');
  });
});
