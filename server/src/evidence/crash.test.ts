import { describe, expect, it } from 'vitest';
import { replay } from './evidence.ts';
import type { TestSpec } from './test-spec.ts';
import type { Arm, Window } from './window.ts';

const spec: TestSpec = { kind: 'crash', alpha: 0.01, atMost: 0.05 };
const window = (candidate: Arm, baseline?: Arm): Window => ({
  ...{ startMs: 0, endMs: 1_000, candidate },
  ...(baseline && { baseline }),
});
const verdict = (...windows: readonly Window[]) => replay(spec, windows).at(-1)?.verdict;

describe('a crash', () => {
  it('is seen after two failed requests at a share of 5 %', () => {
    expect(verdict(window({ count: 5, bad: 1 }, { count: 95, bad: 0 }))).toBe('pending');
    expect(verdict(window({ count: 5, bad: 2 }, { count: 95, bad: 0 }))).toBe('failed');
  });

  it('is seen after four at a share of 20 %', () => {
    expect(verdict(window({ count: 20, bad: 3 }, { count: 80, bad: 0 }))).toBe('pending');
    expect(verdict(window({ count: 20, bad: 4 }, { count: 80, bad: 0 }))).toBe('failed');
  });

  it('is seen after three of four requests where there is nothing to compare with', () => {
    expect(verdict(window({ count: 4, bad: 2 }))).toBe('pending');
    expect(verdict(window({ count: 4, bad: 3 }))).toBe('failed');
  });

  it('is no outage that the baseline shares, and no one subject who retries', () => {
    expect(verdict(window({ count: 50, bad: 50 }, { count: 950, bad: 950 }))).toBe('pending');
    expect(verdict(window({ count: 50, bad: 40, subjects: 1 }, { count: 950, bad: 0 }))).toBe('pending');
    expect(verdict(window({ count: 40, bad: 40, subjects: 1 }))).toBe('pending');
  });

  it('is no one subject who goes on retrying, where slices are known', () => {
    const retries: Window = {
      ...window({ count: 6, bad: 1, subjects: 1 }, { count: 95, bad: 0 }),
      candidateSlices: [{ slice: 7, count: 1, bad: 1 }],
    };
    expect(verdict(...new Array<Window>(50).fill(retries))).toBe('pending');
    const another: Window = { ...retries, candidateSlices: [{ slice: 8, count: 1, bad: 1 }] };
    expect(verdict(retries, another)).toBe('failed');
    // A minute later the same one is news again.
    const quiet = new Array<Window>(61).fill(window({ count: 1, bad: 0 }, { count: 19, bad: 0 }));
    expect(verdict(retries, ...quiet, retries)).toBe('failed');
  });

  it('goes on with what it knew when a rollout reaches everyone', () => {
    const [first] = replay(spec, [window({ count: 50, bad: 1 }, { count: 950, bad: 0 })]);
    const [, second] = replay(spec, [
      window({ count: 50, bad: 1 }, { count: 950, bad: 0 }),
      window({ count: 1, bad: 1 }),
    ]);
    expect(second?.logE).toBeGreaterThan((first?.logE ?? 0) + Math.log(5));
  });
});
