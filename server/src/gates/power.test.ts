import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Gate } from './gate.ts';
import { budgetShare, falseAbortRisk, powerOf } from './power.ts';

const MINUTE_MS = 60_000;
const errors: Gate = {
  ...{ kind: 'sequential', name: 'errors', of: { kind: 'flag' } },
  test: { kind: 'relative_risk', alpha: 0.01, tolerance: 1 },
};
const ratio: Gate = { kind: 'sample_ratio', name: 'ratio' };

describe('what a stage can see', () => {
  test('is said in words, as what it cannot see', () => {
    const power = powerOf(errors, { ms: 10 * MINUTE_MS, share: 0.05 }, { perSecond: 100, badRate: 0.001 });
    // Published simulations at 5 % of 100 requests a second: tenfold is found within 90 s, fivefold within 290 s.
    expect(power?.sees?.ratio).toBeGreaterThan(2);
    expect(power?.sees?.ratio).toBeLessThan(6);
    expect(power?.sentence).toMatch(
      /^5 % for 10 min sees only regressions of [\d.]+ times and more: [\d.]+ % bad instead of 0.1 %/,
    );
    expect(powerOf(errors, { ms: MINUTE_MS, share: 0.01 }, { perSecond: 1, badRate: 0.001 })?.sentence).toBe(
      '1 % for 60 s sees nothing: in 1 requests no harm would show. Watch for longer, or expose more.',
    );
  });

  test('is nothing where nobody is exposed, and where no one is left to compare with', () => {
    const traffic = { perSecond: 1_000, badRate: 0.01 };
    expect(powerOf(errors, { ms: 3_600_000, share: 0 }, traffic)?.sees).toBeUndefined();
    expect(powerOf(errors, { ms: 3_600_000, share: 1 }, traffic)?.sees).toBeUndefined();
    expect(powerOf(ratio, { ms: 3_600_000, share: 1 }, traffic)?.sees).toBeUndefined();
    expect(powerOf(ratio, { ms: 3_600_000, share: 0.5 }, traffic)?.sentence).toMatch(/^50 % for 1 h|^50 % for 60 min/);
  });

  test('grows with time and with traffic', () => {
    const stage = fc.record({
      ms: fc.integer({ min: 1_000, max: 3_600_000 }),
      share: fc.double({ min: 0.01, max: 0.9, noNaN: true }),
    });
    const traffic = fc.record({
      perSecond: fc.double({ min: 0.1, max: 10_000, noNaN: true }),
      badRate: fc.double({ min: 0.0001, max: 0.2, noNaN: true }),
    });
    fc.assert(
      fc.property(stage, traffic, (watched, usual) => {
        const least = powerOf(errors, watched, usual)?.sees?.ratio ?? Number.POSITIVE_INFINITY;
        const longer =
          powerOf(errors, { ...watched, ms: 2 * watched.ms }, usual)?.sees?.ratio ?? Number.POSITIVE_INFINITY;
        const busier =
          powerOf(errors, watched, { ...usual, perSecond: 2 * usual.perSecond })?.sees?.ratio ??
          Number.POSITIVE_INFINITY;
        expect(longer).toBeLessThanOrEqual(least * 1.01);
        expect(busier).toBeLessThanOrEqual(least * 1.01);
      }),
    );
  });

  test('is not asked of what is no test', () => {
    const gate: Gate = { kind: 'http', name: 'ready', urls: ['https://a'] };
    expect(powerOf(gate, { ms: 1_000, share: 0.5 }, { perSecond: 1, badRate: 0.5 })).toBeUndefined();
  });
});

describe('the risk that a harmless release is taken back', () => {
  test('is that of the gates that act, of each stage', () => {
    const gates: Gate[] = [errors, errors, { ...errors, onFailure: 'hold' }, { ...errors, dryRun: true }];
    const stages = gates.map((gate) => [gate, MINUTE_MS] as const);
    expect(falseAbortRisk(stages)).toBeCloseTo(1 - 0.99 ** 2, 12);
    expect(falseAbortRisk([])).toBe(0);
  });

  test('grows with time only where alpha is for each period', () => {
    const watched: Gate = { ...errors, test: { kind: 'crash', alpha: 0.001, atMost: 0.05, periodMs: 3_600_000 } };
    expect(falseAbortRisk([[watched, 10 * 3_600_000]])).toBeCloseTo(0.01, 12);
    expect(falseAbortRisk([[watched, MINUTE_MS]])).toBeCloseTo(0.001, 12);
  });
});

test('the budget that a stage may use up is what just escapes it, and everything where it sees nothing', () => {
  // 20 % of requests, 1 % bad instead of 0.1 %, for an hour of 720, of a budget of 0.1 %.
  const watched = { ms: 3_600_000, share: 0.2 };
  expect(budgetShare(watched, 0.001, { rate: 0.01, ratio: 10, requests: 1 }, 0.999)).toBeCloseTo(
    (0.2 * 0.009) / (720 * 0.001),
    12,
  );
  expect(budgetShare(watched, 0, undefined, 0.999)).toBeCloseTo(0.2 / 0.72, 12);
});
