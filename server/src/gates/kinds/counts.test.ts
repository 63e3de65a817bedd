import { describe, expect, test } from 'vitest';
import type { GateOf } from '../gate.ts';
import type { Measurement } from '../measurement.ts';
import { advanceRun, beginRun } from '../run-state.ts';

const STEP_MS = 5_000;
const RUNS = 300;
const STEPS = 120;

const proving: GateOf<'sequential'> = {
  ...{ kind: 'sequential', name: 'errors', of: { kind: 'flag' }, minRequests: 1 },
  test: { kind: 'relative_risk', alpha: 0.01, tolerance: 1 },
  proves: { lessThan: 2, beta: 0.05 },
};

/** The same numbers each time. (mulberry32) */
function newDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How often something of this mean happens. */
function poisson(dice: () => number, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = dice(); product > limit; product *= dice()) count++;
  return count;
}

/** Of so many runs of ten minutes, whose candidate is so many times as bad, those that came to a verdict at any time. */
function countEver(gate: GateOf<'sequential'>, times: number, verdict: string, share = 0.2): number {
  let ever = 0;
  for (let run = 0; run < RUNS; run++) {
    const dice = newDice(run);
    let state = beginRun(gate, 0);
    for (let at = 0; at < STEPS && state.verdict !== verdict; at++) {
      const [fromMs, toMs] = [at * STEP_MS, (at + 1) * STEP_MS];
      // 400 requests a second, of which 1 % is bad at baseline.
      const [candidate, baseline] = [2_000 * share, 2_000 * (1 - share)];
      const step = {
        ...{ fromMs, toMs },
        candidate: [candidate, Math.min(candidate, poisson(dice, candidate * 0.01 * times))],
        baseline: [baseline, Math.min(baseline, poisson(dice, baseline * 0.01))],
      };
      state = advanceRun(gate, 0, state, { kind: 'data', fromMs, toMs, data: { step } } as unknown as Measurement);
    }
    if (state.verdict === verdict) ever += 1;
  }
  return ever / RUNS;
}

describe('a gate that has to prove that the candidate is less than twice as bad', () => {
  test('hardly ever passes one that is just twice as bad, however often it is looked at', () => {
    // 5 % is accepted; three standard errors of 300 runs above it.
    const failing = { ...proving, test: { ...proving.test, alpha: 1e-9 } };
    expect(countEver(failing, 2, 'successful')).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / RUNS));
    expect(countEver(failing, 3, 'successful')).toBeLessThanOrEqual(0.01);
  });

  test('passes nearly all that do no harm, and fails nearly all that do much', () => {
    expect(countEver(proving, 1, 'successful')).toBeGreaterThan(0.95);
    expect(countEver(proving, 3, 'failed')).toBeGreaterThan(0.95);
    expect(countEver(proving, 1, 'failed')).toBeLessThanOrEqual(0.03);
  });
});

test('a latency gate tells in words of what is slower than its first threshold', () => {
  const gate: GateOf<'sequential'> = {
    ...{ kind: 'sequential', name: 'slow', of: { kind: 'flag' }, minRequests: 1 },
    test: { kind: 'latency', alpha: 0.01, thresholdsMs: [100, 500], tolerance: 1 },
  };
  const step = {
    fromMs: 0,
    toMs: STEP_MS,
    candidate: [200, 50],
    baseline: [800, 8],
    slower: [
      [
        [200, 50],
        [800, 8],
      ],
      [
        [200, 0],
        [800, 0],
      ],
    ],
  };
  const measurement = { kind: 'data', fromMs: 0, toMs: STEP_MS, data: { step } } as unknown as Measurement;
  const state = advanceRun(gate, 0, beginRun(gate, 0), measurement);
  expect(state).toMatchObject({ verdict: 'failed' });
  expect(state.reason).toMatch(/^Bad of the candidate: 50 of 200 \(25 %\), of the baseline 8 of 800/);
});

describe('a gate whose test has a period', () => {
  const gate: GateOf<'sequential'> = {
    ...{ kind: 'sequential', name: 'crashes', of: { kind: 'flag' }, minRequests: 1 },
    test: { kind: 'ceiling', alpha: 0.01, atMost: 0.01, periodMs: 3_600_000 },
  };
  /** Of 100 requests a look: so many bad ones each. */
  const judge = (bad: readonly number[], from = beginRun(gate, 0)) =>
    bad.reduce((state, each, at) => {
      const [fromMs, toMs] = [at * STEP_MS, (at + 1) * STEP_MS];
      const step = { fromMs, toMs, candidate: [100, each] };
      return advanceRun(gate, 0, state, { kind: 'data', fromMs, toMs, data: { step } } as unknown as Measurement);
    }, from);
  const quiet = new Array<number>(100).fill(0);

  test('says what was seen of harm that began late, beside sums that look innocent', () => {
    const { verdict, reason } = judge([...quiet, 10, 10, 0, 0]);
    expect(verdict).toBe('failed');
    expect(reason).toMatch(
      /^Bad of the candidate: 20 of 10 400 \(0\.19 %\)\. In the 5 s in which the evidence grew: 10 of 100 \(10 %\)\. Evidence/,
    );
  });

  test('says its sums alone where nothing speaks against it', () => {
    expect(judge([...quiet, 1]).reason).toMatch(/^Nothing speaks against it\. Bad of the candidate: 1 of 10 100 \(/);
  });

  test('goes on with what an earlier version has begun as that would have', () => {
    const { growth: _, ...memory } = beginRun(gate, 0).memory as { growth: unknown };
    const state = judge([...quiet, 20], { ...beginRun(gate, 0), memory: memory as never });
    expect(state.memory).not.toHaveProperty('growth');
    expect(state.reason).toMatch(/^Bad of the candidate: 20 of 10 100 \(0\.2 %\)\. Evidence/);
  });
});
