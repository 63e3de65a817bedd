import { describe, expect, it } from 'vitest';
import { newTest, replay } from './evidence.ts';
import type { TestSpec } from './test-spec.ts';
import type { Window } from './window.ts';

const spec: TestSpec = { kind: 'ceiling', alpha: 0.01, atMost: 0.02 };
const window = (count: number, bad: number): Window => ({ startMs: 0, endMs: 1_000, candidate: { count, bad } });

describe('a ceiling', () => {
  it('weighs each request by how likely it would be at each higher rate', () => {
    const rates = [0.025, 0.03, 0.04, 0.06, 0.1, 0.2, 0.4];
    const byHand = rates.map((rate) => (rate / 0.02) ** 2 * ((1 - rate) / 0.98) ** 8);
    const [said] = replay(spec, [window(10, 2)]);
    // 50 times the ceiling is everything: left out.
    expect(said?.logE).toBeCloseTo(Math.log(byHand.reduce((a, b) => a + b) / 7), 12);
  });

  it('is silent at its ceiling and fails above, without anything to compare with', () => {
    const at = replay(spec, new Array<Window>(1_000).fill(window(100, 2)));
    expect(at.at(-1)).toMatchObject({ verdict: 'pending', windows: 1_000, watchedMs: 1_000_000 });
    expect(replay(spec, new Array<Window>(10).fill(window(100, 10))).at(-1)?.verdict).toBe('failed');
  });

  it('takes no traffic for no success', () => {
    expect(replay(spec, [window(0, 0)])).toEqual([
      { verdict: 'pending', windows: 0, watchedMs: 0, silence: 'no_traffic', logE: 0, threshold: -Math.log(0.01) },
    ]);
  });

  it('can be near everything', () => {
    expect(() => newTest({ ...spec, atMost: 0.9 })).not.toThrow();
    expect(replay({ ...spec, atMost: 0.9 }, [window(1_000, 1_000)])[0]?.verdict).toBe('failed');
  });
});
