import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectable } from './detectable.ts';
import type { TestSpec } from './test-spec.ts';

const relative: TestSpec = { kind: 'relative_risk', alpha: 0.01, tolerance: 1 };
const placebo: TestSpec = { kind: 'placebo_rank', alpha: 0.01 };
const MINUTE_MS = 60_000;

const traffic = (perSecond: number, share: number, badRate = 0.001) => ({
  candidatePerSecond: perSecond * share,
  baselinePerSecond: perSecond * (1 - share),
  badRate,
});

describe('the smallest harm that is seen', () => {
  it('is what theory says: 362 000 requests for twice 0.1 % at a share of 5 %', () => {
    // (ln 100 + ln 7) / KL = 380 errors, 362 000 requests: an hour at 100 a second.
    expect(detectable(relative, traffic(100, 0.05), 3_620_000)?.ratio).toBeCloseTo(2, 2);
    // 10.7 thousand for ten times, 3.1 thousand at a share of 50 %.
    expect(detectable(relative, traffic(100, 0.05), 107_000)?.ratio).toBeCloseTo(10, 1);
    expect(detectable(relative, traffic(100, 0.5), 31_000)?.ratio).toBeCloseTo(10, 0);
  });

  it('shrinks with time and with traffic', () => {
    for (const spec of [relative, placebo]) {
      fc.assert(
        fc.property(
          fc.integer({ min: 50, max: 2_000 }),
          fc.constantFrom(0.01, 0.05, 0.2, 0.5, 0.9),
          (perSecond, share) => {
            const [short, long, busy] = [
              detectable(spec, traffic(perSecond, share), 5 * MINUTE_MS),
              detectable(spec, traffic(perSecond, share), 20 * MINUTE_MS),
              detectable(spec, traffic(4 * perSecond, share), 5 * MINUTE_MS),
            ];
            if (short === undefined) return;
            expect(long?.ratio).toBeLessThanOrEqual(short.ratio * 1.01);
            expect(busy?.ratio).toBeLessThanOrEqual(short.ratio * 1.05);
          },
        ),
        { numRuns: 30 },
      );
    }
  });

  it('is greater for a test that stands for months, and for one that looks at several thresholds', () => {
    const within = 10 * MINUTE_MS;
    const once = detectable(relative, traffic(100, 0.05), within)?.ratio ?? 0;
    expect(detectable({ ...relative, periodMs: 86_400_000 }, traffic(100, 0.05), within)?.ratio).toBeGreaterThan(once);
    const latency: TestSpec = { kind: 'latency', alpha: 0.01, tolerance: 1, thresholdsMs: [100, 200, 500] };
    expect(detectable(latency, traffic(100, 0.05), within)?.ratio).toBeGreaterThan(once);
  });

  it('needs nothing to compare with where a test does not', () => {
    const alone = { candidatePerSecond: 100, baselinePerSecond: 0, badRate: 0.001 };
    expect(detectable(relative, alone, MINUTE_MS)).toBeUndefined();
    expect(detectable(placebo, alone, MINUTE_MS)).toBeUndefined();
    const ceiling = detectable({ kind: 'ceiling', alpha: 0.01, atMost: 0.01 }, alone, MINUTE_MS);
    expect(ceiling?.rate).toBeGreaterThan(0.0125);
    expect(ceiling?.rate).toBeLessThan(0.02);
    expect(detectable({ kind: 'crash', alpha: 0.01, atMost: 0.05 }, alone, 1_000)?.rate).toBeLessThan(0.5);
    // 2 % of the budget in 52 s is a total outage; in 8.6 minutes a tenth of it.
    const page: TestSpec = { kind: 'burn_rate', objective: 0.999, profile: 'page' };
    expect(detectable(page, alone, 51_000)).toBeUndefined();
    expect(detectable(page, alone, 518_400)?.rate).toBeCloseTo(0.1, 3);
  });

  it('is a share of subjects for sample ratios', () => {
    // 31 500 subjects for 4.5 instead of 5 %.
    const spec: TestSpec = { kind: 'sample_ratio', alpha: 0.001, expected: 0.05 };
    const seen = detectable(spec, traffic(100, 0.05), 315_000);
    expect(seen?.ratio).toBeCloseTo(0.9, 1);
    expect(seen?.rate).toBeCloseTo(0.045, 3);
  });

  it('is nothing where there is no traffic, and refuses what cannot be', () => {
    expect(detectable(relative, traffic(0, 0.5), MINUTE_MS)).toBeUndefined();
    expect(() => detectable(relative, traffic(100, 0.5, 0), MINUTE_MS)).toThrow(/badRate/);
    expect(() => detectable(relative, traffic(Number.NaN, 0.5), MINUTE_MS)).toThrow(/traffic/);
  });
});
