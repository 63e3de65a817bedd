import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verdictOf } from '../evidence/evidence.ts';
import type { TestSpec } from '../evidence/test-spec.ts';
import { findFirstBad, Judge, judge } from './judge.ts';
import { mergeSteps, type Pair, type Step } from './step.ts';
import { StepLog } from './step-log.ts';

const SPECS: readonly TestSpec[] = [
  { kind: 'relative_risk', alpha: 0.01, tolerance: 1 },
  { kind: 'crash', alpha: 1e-4, atMost: 0.05, periodMs: 86_400_000 },
  { kind: 'placebo_rank', alpha: 0.001 },
];

const step = (second: number, candidate: Pair, baseline: Pair): Step => ({
  ...{ fromMs: second * 1000, toMs: (second + 1) * 1000, candidate, baseline },
  ...{ candidateSlices: [3, candidate[0], candidate[1]], baselineSlices: [3, baseline[0], baseline[1]] },
});
const pair = fc.tuple(fc.nat(50), fc.nat(50)).map(([good, bad]): Pair => [good + bad, bad]);
const steps = fc
  .array(fc.tuple(pair, pair), { minLength: 1, maxLength: 700, size: 'max' })
  .map((pairs) => pairs.map(([candidate, baseline], at) => step(at, candidate, baseline)));

test('a verdict is always exactly that of the steps that are kept, however many there were', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SPECS), steps, (spec, given) => {
      const one = new Judge(spec);
      for (const each of given) one.take(each);
      expect(verdictOf(spec, judge(spec, one.steps))).toEqual(one.verdict);
      // As they were stored and read again.
      expect(verdictOf(spec, judge(spec, JSON.parse(JSON.stringify(one.steps))))).toEqual(one.verdict);
    }),
    { numRuns: 30 },
  );
});

test('what is kept is bounded, loses no count, and keeps the latest as they were', () => {
  fc.assert(
    fc.property(steps, (given) => {
      const log = new StepLog();
      for (const each of given) log.add(each);
      expect(log.steps.length).toBeLessThanOrEqual(240);
      expect(log.steps.slice(-60)).toEqual(given.slice(-60));
      const sum = (of: readonly Step[]) =>
        of.reduce<Step | undefined>((all, each) => all && mergeSteps(all, each), of[0]);
      const total = (of: readonly Step[]) => of.reduce((all, { candidate }) => all + candidate[0], 0);
      expect(total(log.steps)).toBe(total(given));
      expect(sum(log.steps)?.toMs).toBe(given.at(-1)?.toMs);
    }),
    { numRuns: 20 },
  );
});

test('merging keeps slices and thresholds that both have, and drops those that one lacks', () => {
  const a = { ...step(0, [10, 1], [20, 2]), candidateSlices: [1, 5, 1, 9, 5, 0], baselineSlices: [1, 20, 2] };
  const b = { ...step(1, [1, 1], [2, 0]), candidateSlices: [9, 1, 1], baselineSlices: [0, 2, 0] };
  const slow = {
    slower: [
      [
        [10, 4],
        [20, 1],
      ],
    ] as const,
  };
  expect(mergeSteps({ ...a, ...slow }, { ...b, ...slow })).toEqual({
    ...{ fromMs: 0, toMs: 2_000, candidate: [11, 2], baseline: [22, 2] },
    ...{ candidateSlices: [1, 5, 1, 9, 6, 1], baselineSlices: [0, 2, 0, 1, 20, 2] },
    slower: [
      [
        [20, 8],
        [40, 2],
      ],
    ],
  });
  const { candidateSlices: _, baselineSlices: __, ...without } = b;
  expect(mergeSteps(a, without)).toEqual({ fromMs: 0, toMs: 2_000, candidate: [11, 2], baseline: [22, 2] });
});

test('harm is dated from the step in which the evidence began to grow', () => {
  const well = Array.from({ length: 20 }, (_, at) => step(at, [100, at === 3 ? 1 : 0], [100, at % 4 === 0 ? 1 : 0]));
  const ill = Array.from({ length: 5 }, (_, at) => step(20 + at, [100, 10], [100, 0]));
  expect(findFirstBad(SPECS[0] as TestSpec, [...well, ...ill])).toBe(20_000);
  expect(findFirstBad(SPECS[0] as TestSpec, well.slice(4))).toBeUndefined();
});

test('slices are judged in steps of five seconds', () => {
  const one = new Judge(SPECS[2] as TestSpec);
  for (let at = 0; at < 4; at++) one.take(step(at, [10, 1], [10, 0]));
  expect(one.steps).toEqual([]);
  one.take(step(4, [10, 1], [10, 0]));
  expect(one.steps).toMatchObject([{ fromMs: 0, toMs: 5_000, candidate: [50, 5] }]);
});
