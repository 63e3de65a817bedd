import { describe, expect, it } from 'vitest';
import { replay } from './evidence.ts';
import type { TestSpec } from './test-spec.ts';
import type { Window } from './window.ts';

const spec: TestSpec = { kind: 'sample_ratio', alpha: 0.001, expected: 0.5 };
const exposed = (candidate: number, baseline: number): Window => ({
  ...{ startMs: 0, endMs: 1_000 },
  ...{ candidate: { count: candidate, bad: 0 }, baseline: { count: baseline, bad: 0 } },
});

describe('a sample ratio', () => {
  it('weighs each subject by its chance under each wrong ratio', () => {
    const byHand = [0.5, 0.7, 0.8, 0.9, 0.95, 1.05, 1.1, 1.25, 1.5, 2].map((odds) => {
      const share = odds / (odds + 1);
      return (share / 0.5) ** 3 * ((1 - share) / 0.5) ** 2;
    });
    const mean = byHand.reduce((a, b) => a + b) / byHand.length;
    expect(replay(spec, [exposed(3, 2)])[0]?.logE).toBeCloseTo(Math.log(mean), 12);
  });

  it('fails for too few and for too many, and not for as many as should be', () => {
    expect(replay(spec, [exposed(47_500, 52_500)])[0]?.verdict).toBe('failed');
    expect(replay(spec, [exposed(52_500, 47_500)])[0]?.verdict).toBe('failed');
    expect(replay(spec, [exposed(50_050, 49_950)])[0]?.verdict).toBe('pending');
    expect(replay(spec, [exposed(0, 0)])[0]?.silence).toBe('no_traffic');
  });
});
