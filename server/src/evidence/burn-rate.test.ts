import { describe, expect, it } from 'vitest';
import { replay } from './evidence.ts';
import type { TestSpec } from './test-spec.ts';
import type { Window } from './window.ts';

const seconds = (from: number, to: number, bad: number, count = 100): Window[] =>
  Array.from({ length: to - from }, (_, at) => {
    return { startMs: (from + at) * 1_000, endMs: (from + at + 1) * 1_000, candidate: { count, bad } };
  });

/** Seconds from the beginning of these windows until it failed. */
const failsAfter = (spec: TestSpec, windows: readonly Window[]) => {
  const at = replay(spec, windows).findIndex(({ verdict }) => verdict === 'failed');
  return at === -1 ? undefined : at + 1;
};

describe('a burn rate', () => {
  const page: TestSpec = { kind: 'burn_rate', objective: 0.999, profile: 'page' };

  it('fails a total outage when 2 % of the budget of 30 days are gone: 52 s at 99.9 %', () => {
    expect(failsAfter(page, seconds(0, 120, 100))).toBe(52);
    // After a good hour, too: what was good is in the window.
    const after = failsAfter(page, [...seconds(0, 4_000, 0), ...seconds(4_000, 4_120, 100)]) ?? 0;
    expect(after - 4_000).toBeGreaterThan(49);
    expect(after - 4_000).toBeLessThan(55);
  });

  it('fails 10 % errors after 8.6 minutes, and errors within the budget never', () => {
    expect((failsAfter(page, seconds(0, 900, 10)) ?? 0) / 60).toBeCloseTo(8.65, 1);
    expect(failsAfter(page, seconds(0, 30_000, 0.1))).toBeUndefined();
  });

  it('does not fail for what is over', () => {
    const spike = [...seconds(0, 40, 100), ...seconds(40, 5_000, 0)];
    expect(failsAfter(page, spike)).toBeUndefined();
    const [last] = replay(page, spike).slice(-1);
    expect(last?.burns?.[0]).toEqual({ longMs: 3_600_000, long: 0, short: 0, limit: 14.4 });
  });

  it('does not fail for what burnt the long window alone', () => {
    // The traffic after it is so little that its share in the hour still grows; but five minutes were good.
    const spike = [...seconds(0, 20, 100), ...seconds(20, 600, 0, 34.4)];
    const [last] = replay(page, spike).slice(-1);
    expect(last?.verdict).toBe('pending');
    const { long = 0, short, limit = 0 } = last?.burns?.[0] ?? {};
    expect(long).toBeGreaterThan(limit);
    expect(short).toBe(0);
  });

  it('is faster for releases', () => {
    const fast = failsAfter({ ...page, profile: 'release' }, seconds(0, 300, 50));
    const slow = failsAfter({ ...page, profile: 'release_slow' }, seconds(0, 300, 50));
    expect([fast, slow]).toEqual([26, 6]);
    expect(failsAfter({ ...page, profile: 'ticket' }, seconds(0, 300, 50))).toBeUndefined();
  });

  it('burns nothing by four errors, where hardly anyone comes', () => {
    const quiet = seconds(0, 300, 0, 0);
    expect(failsAfter({ ...page, profile: 'release' }, [...quiet, ...seconds(300, 400, 1, 1)])).toBe(305);
  });
});
