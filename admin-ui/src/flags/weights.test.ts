import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  boundariesOf,
  formatPercent,
  movedPer100k,
  setWeight,
  spreadEvenly,
  type Weight,
  weightOfPercent,
  weightsOfBoundaries,
  weightsOfServe,
} from './weights.ts';

const total = 100_000;

/** Weights of 1 to 8 variants that add up to 100 000. */
const anyWeights = fc.array(fc.integer({ min: 0, max: total }), { maxLength: 7 }).map((cuts) => {
  const ends = [...cuts.sort((a, b) => a - b), total];
  return ends.map((end, at): Weight => ({ variant: `v${at}`, weightPer100k: end - (ends[at - 1] ?? 0) }));
});

function sum(weights: readonly Weight[]): number {
  return weights.reduce((all, { weightPer100k }) => all + weightPer100k, 0);
}

function shares(weights: readonly Weight[]): number[] {
  return weights.map(({ weightPer100k }) => weightPer100k);
}

test('whatever share is set, all shares are whole, none is negative, and they add up to 100 000', () => {
  fc.assert(
    fc.property(anyWeights, fc.nat(7), fc.double({ min: -1e6, max: 1e6, noNaN: true }), (weights, index, share) => {
      const at = index % weights.length;
      const after = setWeight(weights, at, share);
      expect(sum(after)).toBe(total);
      for (const { weightPer100k } of after) {
        expect(Number.isInteger(weightPer100k)).toBe(true);
        expect(weightPer100k).toBeGreaterThanOrEqual(0);
      }
      expect(after.map(({ variant }) => variant)).toEqual(weights.map(({ variant }) => variant));
      if (weights.length > 1) expect(after[at]?.weightPer100k).toBe(Math.min(total, Math.max(0, Math.round(share))));
    }),
  );
});

test('setting a share to what it is changes nothing', () => {
  fc.assert(
    fc.property(anyWeights, fc.nat(7), (weights, index) => {
      const at = index % weights.length;
      expect(setWeight(weights, at, weights[at]?.weightPer100k ?? 0)).toEqual(weights);
    }),
  );
});

test('the others give in proportion to what they have', () => {
  const weights = [
    { variant: 'a', weightPer100k: 20_000 },
    { variant: 'b', weightPer100k: 60_000 },
    { variant: 'c', weightPer100k: 20_000 },
  ];
  expect(shares(setWeight(weights, 0, 60_000))).toEqual([60_000, 30_000, 10_000]);
});

test('when the others have nothing, they share equally what is given up', () => {
  const weights = [
    { variant: 'a', weightPer100k: total },
    { variant: 'b', weightPer100k: 0 },
    { variant: 'c', weightPer100k: 0 },
  ];
  expect(shares(setWeight(weights, 0, 50_000))).toEqual([50_000, 25_000, 25_000]);
});

test('three variants share evenly to the last part', () => {
  const weights = ['a', 'b', 'c'].map((variant) => ({ variant, weightPer100k: 0 }));
  expect(shares(spreadEvenly(weights))).toEqual([33_334, 33_333, 33_333]);
});

test('the slider says what the weights say, and back', () => {
  fc.assert(
    fc.property(anyWeights, (weights) => {
      expect(weightsOfBoundaries(weights, boundariesOf(weights))).toEqual(weights);
    }),
  );
});

test('slider positions that cross or leave the bar still make a whole', () => {
  fc.assert(
    fc.property(
      anyWeights,
      fc.array(fc.integer({ min: -1_000, max: total + 1_000 }), { maxLength: 7 }),
      (weights, positions) => {
        expect(sum(weightsOfBoundaries(weights, positions.slice(0, weights.length - 1)))).toBe(total);
      },
    ),
  );
});

test('the off variant has what no range owns', () => {
  const serve = { split: { ranges: [{ variant: 'on', from: 0, to: 12_500 }] } };
  expect(weightsOfServe(serve, [{ name: 'on' }, { name: 'off' }], 'off')).toEqual([
    { variant: 'on', weightPer100k: 12_500 },
    { variant: 'off', weightPer100k: 87_500 },
  ]);
});

test('a variant that owns several ranges has the sum of them', () => {
  const ranges = [
    { variant: 'a', from: 0, to: 10_000 },
    { variant: 'b', from: 10_000, to: 90_000 },
    { variant: 'a', from: 90_000, to: 100_000 },
  ];
  expect(shares(weightsOfServe({ split: { ranges } }, [{ name: 'a' }, { name: 'b' }], 'b'))).toEqual([20_000, 80_000]);
});

test('what moves is what the growing variants gain', () => {
  const before = [
    { variant: 'on', weightPer100k: 10_000 },
    { variant: 'off', weightPer100k: 90_000 },
  ];
  expect(movedPer100k(before, setWeight(before, 0, 25_000))).toBe(15_000);
  expect(movedPer100k(before, before)).toBe(0);
});

test('percentages keep three digits and say no more than they know', () => {
  expect(formatPercent(12_500)).toBe('12.5%');
  expect(formatPercent(1)).toBe('0.001%');
  expect(formatPercent(100_000)).toBe('100%');
  expect(weightOfPercent(33.333)).toBe(33_333);
  expect(weightOfPercent(0.1 + 0.2)).toBe(300);
  expect(weightOfPercent(250)).toBe(100_000);
});
