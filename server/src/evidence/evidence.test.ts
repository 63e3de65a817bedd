import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, newTest, replay, type TestState, verdictOf } from './evidence.ts';
import { InvalidEvidence } from './invalid-evidence.ts';
import type { TestSpec } from './test-spec.ts';
import type { Arm, SliceArm, Window } from './window.ts';

const SPECS: readonly TestSpec[] = [
  { kind: 'relative_risk', alpha: 0.01, tolerance: 1 },
  { kind: 'relative_risk', alpha: 0.05, tolerance: 1.5, unit: 'subjects', periodMs: 3_600_000 },
  { kind: 'placebo_rank', alpha: 0.01 },
  { kind: 'latency', alpha: 0.01, thresholdsMs: [100, 500], tolerance: 1 },
  { kind: 'ceiling', alpha: 0.01, atMost: 0.02 },
  { kind: 'burn_rate', objective: 0.999, profile: 'page' },
  { kind: 'sample_ratio', alpha: 0.001, expected: 0.1 },
  { kind: 'crash', alpha: 0.001, atMost: 0.05 },
];

const armOf = (count: number) =>
  fc
    .integer({ min: 0, max: count })
    .chain((bad) => fc.integer({ min: 0, max: bad }).map((subjects): Arm => ({ count, bad, subjects })));

/** Up to 8 windows; of each arm there are at least so many requests. */
const windowsOf = (minCount: number) => {
  const arms = fc.integer({ min: minCount, max: 2_000 }).chain(armOf);
  const pairs = fc.record({ candidate: arms, baseline: arms });
  const slices = fc
    .uniqueArray(fc.integer({ min: 0, max: 99 }))
    .chain((slices) => fc.tuple(...slices.map((slice) => arms.map((arm): SliceArm => ({ slice, ...arm })))));
  const ms = fc.integer({ min: 0, max: 20_000 });
  const slower = fc.tuple(pairs, pairs);
  return fc
    .array(fc.record({ ms, pairs, slower, candidateSlices: slices, baselineSlices: slices }), {
      minLength: 1,
      maxLength: 8,
    })
    .map((looks) => {
      let endMs = 1_000_000;
      return looks.map(({ ms, pairs, ...rest }): Window => {
        const startMs = endMs;
        endMs += ms;
        return { startMs, endMs, ...pairs, ...rest };
      });
    });
};
const windows = windowsOf(0);
/** None of these waits for more traffic. */
const busyWindows = windowsOf(10);

const seeAll = (spec: TestSpec, seen: readonly Window[]) =>
  seen.reduce((state, window) => advance(spec, state, window), newTest(spec));

describe('evidence', () => {
  it('is the same when it is replayed, and when its state travelled as JSON in between', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SPECS), windows, (spec, seen) => {
        let state = newTest(spec);
        const live = seen.map((window) => {
          state = JSON.parse(JSON.stringify(advance(spec, state, window))) as TestState;
          return verdictOf(spec, state);
        });
        expect(replay(spec, seen)).toStrictEqual(live);
        expect(seeAll(spec, seen)).toStrictEqual(state);
      }),
    );
  });

  it('is made of finite numbers and stays small, whatever was counted', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SPECS), windows, (spec, seen) => {
        const state = seeAll(spec, seen);
        const text = JSON.stringify(state);
        expect(text).not.toContain('null');
        expect(text.length).toBeLessThan(16_000);
        const { logE = 0 } = verdictOf(spec, state);
        expect(Number.isFinite(logE)).toBe(true);
      }),
    );
  });

  it('is never against a candidate that does nothing bad', () => {
    const specs = SPECS.filter((spec) => spec.kind !== 'sample_ratio' && !('periodMs' in spec));
    const good = <A extends Arm>(arm: A): A => ({ ...arm, bad: 0, subjects: 0 });
    fc.assert(
      fc.property(fc.constantFrom(...specs), busyWindows, busyWindows, (spec, before, windows) => {
        const state = seeAll(
          spec,
          // All of it is judged: nothing bad waits for the good window.
          before.map((window) => ({ ...window, candidateSlices: [], baselineSlices: [] })),
        );
        const goodOnes = windows.map((window) => ({
          ...window,
          candidate: good(window.candidate),
          candidateSlices: window.candidateSlices?.map(good) ?? [],
          slower: window.slower?.map(({ candidate, ...rest }) => ({ ...rest, candidate: good(candidate) })) ?? [],
        }));
        const after = goodOnes.reduce((seen, window) => advance(spec, seen, window), state);
        const [{ logE: logEBefore = 0 }, { logE = 0 }] = [verdictOf(spec, state), verdictOf(spec, after)];
        expect(logE).toBeLessThanOrEqual(logEBefore + 1e-9);
      }),
    );
  });

  it('grows with what is bad of the candidate, and shrinks with what is bad of the baseline', () => {
    const spec: TestSpec = { kind: 'relative_risk', alpha: 0.01, tolerance: 1 };
    const counts = fc.integer({ min: 20, max: 1_000 });
    const logE = (candidate: Arm, baseline: Arm) =>
      verdictOf(spec, seeAll(spec, [{ startMs: 0, endMs: 1, candidate, baseline }])).logE ?? 0;
    fc.assert(
      fc.property(counts, counts, fc.nat(9), fc.nat(9), (of, ofBaseline, bad, baselineBad) => {
        const [candidate, baseline] = [
          { count: of, bad },
          { count: ofBaseline, bad: baselineBad },
        ];
        const here = logE(candidate, baseline);
        expect(logE({ ...candidate, bad: bad + 1 }, baseline)).toBeGreaterThan(here);
        expect(logE(candidate, { ...baseline, bad: baselineBad + 1 })).toBeLessThan(here);
      }),
    );
  });

  it('is about the same whether one looks once or many times while the shares stay', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { minLength: 1, maxLength: 20 }), (looks) => {
        const spec: TestSpec = { kind: 'relative_risk', alpha: 0.01, tolerance: 1 };
        const seen = looks.map(([bad, others], at): Window => {
          const counts = { candidate: { count: 50, bad }, baseline: { count: 950, bad: others } };
          return { startMs: at, endMs: at + 1, ...counts };
        });
        const sum = (of: (window: Window) => number) => seen.reduce((total, window) => total + of(window), 0);
        const merged: Window = {
          ...{ startMs: 0, endMs: looks.length },
          candidate: { count: 50 * looks.length, bad: sum(({ candidate }) => candidate.bad) },
          baseline: { count: 950 * looks.length, bad: sum(({ baseline }) => baseline?.bad ?? 0) },
        };
        const once = verdictOf(spec, seeAll(spec, [merged])).logE ?? 0;
        expect(verdictOf(spec, seeAll(spec, seen)).logE ?? 0).toBeCloseTo(once, 8);
      }),
    );
  });

  it('refuses numbers that cannot have been counted, and says which', () => {
    const [spec] = SPECS as [TestSpec];
    const window: Window = {
      startMs: 0,
      endMs: 1_000,
      candidate: { count: 9, bad: 1 },
      baseline: { count: 9, bad: 1 },
    };
    const state = newTest(spec);
    const look = (changes: object) => () => advance(spec, state, { ...window, ...changes });
    for (const count of [Number.NaN, -1, Number.POSITIVE_INFINITY, 2 ** 60]) {
      expect(look({ candidate: { count, bad: 0 } })).toThrow(/^candidate.count must be 0 to 2\^53/);
    }
    for (const bad of [Number.NaN, -1, 10, Number.NEGATIVE_INFINITY]) {
      expect(look({ baseline: { count: 9, bad } })).toThrow(/^baseline.bad must be 0 to count \(9\)/);
    }
    expect(look({ candidate: { count: 9, bad: 1, subjects: 2 } })).toThrow(/^candidate.subjects/);
    expect(look({ candidateSlices: [{ slice: 100, count: 1, bad: 0 }] })).toThrow(/^candidateSlices\[0\].slice/);
    const twice = { slice: 7, count: 1, bad: 0 };
    expect(look({ baselineSlices: [twice, twice] })).toThrow(/^baselineSlices\[1\].slice/);
    expect(look({ slower: [{ candidate: { count: 1, bad: 2 } }] })).toThrow(/^slower\[0\].candidate.bad/);
    expect(look({ endMs: -1 })).toThrow(InvalidEvidence);
    expect(look({ endMs: Number.NaN })).toThrow(InvalidEvidence);
  });

  it('refuses tests that cannot be made, and says why', () => {
    expect(() => newTest({ kind: 'ceiling', alpha: 0, atMost: 0.1 })).toThrow(/alpha/);
    expect(() => newTest({ kind: 'relative_risk', alpha: 0.01, tolerance: Number.NaN })).toThrow(/tolerance/);
    expect(() => newTest({ kind: 'guess', alpha: 0.01 } as unknown as TestSpec)).toThrow(InvalidEvidence);
  });
});
