import { checkFlag, type Flag, rangesAt, type Split } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setWeight, spreadEvenly, type Weight } from '../../flags/weights.ts';
import { curveOf, type RampStep, rampPresets, stepsOf, stepsOfPreset, withSteps } from './ramp.ts';

const variants = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
const dayMs = 24 * 3_600_000;
const weights = (a: number, b: number): Weight[] => [
  { variant: 'a', weightPer100k: a },
  { variant: 'b', weightPer100k: b },
  { variant: 'c', weightPer100k: 100_000 - a - b },
];
const nobodyHasA: Split = { ranges: [{ variant: 'c', from: 0, to: 100_000 }] };

function problemsOf(split: Split) {
  const flag: Flag = {
    ...{ key: 'f', type: 'string', enabled: true, offVariant: 'c', defaultRule: { split } },
    variants: variants.map(({ name }) => ({ name, value: name })),
  };
  return checkFlag(flag);
}

test('a straight line leads from nothing to everything, and passes half on half of the way', () => {
  const steps = [
    { atMs: 1_000, weights: weights(0, 0), linear: false },
    { atMs: 2_000, weights: weights(100_000, 0), linear: true },
  ];
  const split = withSteps(nobodyHasA, steps, 0);
  expect(problemsOf(split)).toEqual([]);
  const share = (atMs: number) =>
    rangesAt(split, atMs).reduce((sum, { variant, from, to }) => (variant === 'a' ? sum + to - from : sum), 0);
  expect([share(999), share(1_500), share(2_000)]).toEqual([0, 50_000, 100_000]);
});

const step = fc.record({ percent: fc.integer({ min: 0, max: 100 }), linear: fc.boolean() });

test('whatever is typed for one variant is a schedule that can be served, and is read back as it was typed', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (typed) => {
      const steps = typed.map(
        ({ percent, linear }, at): RampStep => ({
          atMs: (at + 1) * 1_000,
          weights: setWeight(spreadEvenly(weights(0, 0)), 0, percent * 1_000),
          linear: linear && at > 0,
        }),
      );
      const split = withSteps(nobodyHasA, steps, 0);
      expect(problemsOf(split)).toEqual([]);
      expect(stepsOf(split, variants, 'c', 0)).toEqual(steps);
    }),
  );
});

test('a line that is under way is edited from where it is', () => {
  const [preset] = rampPresets;
  const split = withSteps(nobodyHasA, stepsOfPreset(preset, weights(0, 0), 'a', 0), -1);
  const [first, last] = stepsOf(split, variants, 'c', dayMs / 4);
  expect(first).toMatchObject({ atMs: dayMs / 4, linear: false, weights: weights(25_000, 0) });
  expect(last).toMatchObject({ atMs: dayMs, linear: true, weights: weights(100_000, 0) });
});

test('a preset leaves out what would take away', () => {
  const steps = stepsOfPreset(rampPresets[2], weights(30_000, 0), 'a', 0);
  expect(steps.map(({ weights: [a] }) => a?.weightPer100k)).toEqual([50_000, 100_000]);
});

test('a curve shows both sides of a jump', () => {
  const split = withSteps(nobodyHasA, [{ atMs: 500, weights: weights(40_000, 0), linear: false }], 0);
  const { times, percents } = curveOf(split, variants, 'c', 0, 1_000);
  const [a] = percents;
  expect([a?.[times.indexOf(499)], a?.[times.indexOf(500)], a?.at(-1)]).toEqual([0, 40, 40]);
});
