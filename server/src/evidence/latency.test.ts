import { describe, expect, it } from 'vitest';
import { replay } from './evidence.ts';
import type { TestSpec } from './test-spec.ts';
import type { Arms, Window } from './window.ts';

const spec: TestSpec = { kind: 'latency', alpha: 0.01, tolerance: 1, thresholdsMs: [100, 1_000] };
const relative: TestSpec = { kind: 'relative_risk', alpha: 0.01, tolerance: 1 };

const pair = (candidateSlow: number, baselineSlow: number): Arms => ({
  candidate: { count: 100, bad: candidateSlow },
  baseline: { count: 900, bad: baselineSlow },
});
const window = (...slower: readonly Arms[]): Window => ({ startMs: 0, endMs: 1_000, ...pair(0, 0), slower });

describe('latency', () => {
  it('averages what being above each threshold says', () => {
    const [above100, above1000] = [pair(60, 450), pair(5, 1)];
    const alone = [above100, above1000].map((arms) => replay(relative, [{ ...window(), ...arms }])[0]?.logE ?? 0);
    const mean = alone.reduce((sum, log) => sum + Math.exp(log), 0) / 2;
    expect(replay(spec, [window(above100, above1000)])[0]?.logE).toBeCloseTo(Math.log(mean), 12);
  });

  it('fails when a few requests became very slow, though most did not', () => {
    expect(replay(spec, [window(pair(50, 450), pair(9, 2))])[0]?.verdict).toBe('failed');
    expect(replay(spec, [window(pair(50, 450), pair(1, 9))])[0]?.verdict).toBe('pending');
  });

  it('is silent where its thresholds were not counted', () => {
    expect(replay(spec, [window()])[0]).toMatchObject({ silence: 'no_latencies', windows: 0 });
    expect(replay(spec, [window(pair(1, 1))])[0]).toMatchObject({ silence: 'no_latencies' });
  });
});
