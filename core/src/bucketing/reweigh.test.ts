import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BUCKET_COUNT, type BucketRange } from '../model.ts';
import { reweigh, weightsOf } from './reweigh.ts';

const VARIANTS = ['a', 'b', 'c', 'd'];

/** Weights of four variants that add up to 100 000 at most. */
const weights = fc
  .tuple(fc.uniqueArray(fc.integer({ min: 0, max: BUCKET_COUNT }), { minLength: 4, maxLength: 4 }), fc.boolean())
  .map(([cuts, whole]) => {
    const sorted = [...cuts].sort((x, y) => x - y);
    if (whole) sorted[3] = BUCKET_COUNT;
    return VARIANTS.map((variant, i) => ({ variant, weightPer100k: (sorted[i] ?? 0) - (sorted[i - 1] ?? 0) }));
  });

function owners(ranges: readonly BucketRange[]): (string | undefined)[] {
  const owner = new Array<string | undefined>(BUCKET_COUNT).fill(undefined);
  for (const { variant, from, to } of ranges) owner.fill(variant, from, to);
  return owner;
}

function byName(all: readonly { variant: string; weightPer100k: number }[]) {
  return Object.fromEntries(all.filter((w) => w.weightPer100k > 0).map((w) => [w.variant, w.weightPer100k]));
}

describe('reweigh', () => {
  test('after any series of changes the weights are met exactly and the ranges are disjoint and sorted', () => {
    fc.assert(
      fc.property(fc.array(weights, { minLength: 1, maxLength: 6 }), (series) => {
        let ranges: BucketRange[] = [];
        for (const next of series) {
          ranges = reweigh(ranges, next);
          expect(byName(weightsOf(ranges))).toEqual(byName(next));
          for (const [i, range] of ranges.entries()) {
            expect(range.from).toBeLessThan(range.to);
            expect(range.from).toBeGreaterThanOrEqual(ranges[i - 1]?.to ?? 0);
          }
          expect(ranges.at(-1)?.to ?? 0).toBeLessThanOrEqual(BUCKET_COUNT);
        }
      }),
    );
  });

  test('the fewest buckets move: each variant gives up exactly what it shrinks by', () => {
    fc.assert(
      fc.property(weights, weights, weights, (first, second, third) => {
        const before = reweigh(reweigh([], first), second);
        const after = owners(reweigh(before, third));
        const lost = new Map<string, number>();
        for (const [bucket, owner] of owners(before).entries()) {
          if (owner !== undefined && after[bucket] !== owner) lost.set(owner, (lost.get(owner) ?? 0) + 1);
        }
        for (const [i, { variant, weightPer100k }] of second.entries()) {
          const shrinksBy = Math.max(0, weightPer100k - (third[i]?.weightPer100k ?? 0));
          expect(lost.get(variant) ?? 0).toBe(shrinksBy);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('growing a rollout keeps it in one piece', () => {
    const ten = reweigh(
      [],
      [
        { variant: 'on', weightPer100k: 10_000 },
        { variant: 'off', weightPer100k: 90_000 },
      ],
    );
    expect(
      reweigh(ten, [
        { variant: 'on', weightPer100k: 25_000 },
        { variant: 'off', weightPer100k: 75_000 },
      ]),
    ).toEqual([
      { variant: 'on', from: 0, to: 25_000 },
      { variant: 'off', from: 25_000, to: BUCKET_COUNT },
    ]);
  });

  test('a variant without a weight loses its buckets', () => {
    const ranges = [{ variant: 'a', from: 0, to: BUCKET_COUNT }];
    expect(reweigh(ranges, [{ variant: 'b', weightPer100k: 40_000 }])).toEqual([{ variant: 'b', from: 0, to: 40_000 }]);
  });

  test.each([
    [[{ variant: 'a', weightPer100k: -1 }], /integer from 0 to 100000/],
    [[{ variant: 'a', weightPer100k: 0.5 }], /integer from 0 to 100000/],
    [
      [
        { variant: 'a', weightPer100k: 1 },
        { variant: 'a', weightPer100k: 1 },
      ],
      /two weights/,
    ],
    [
      [
        { variant: 'a', weightPer100k: 60_000 },
        { variant: 'b', weightPer100k: 60_000 },
      ],
      /add up to 120000/,
    ],
  ])('refuses %j', (bad, message) => {
    expect(() => reweigh([], bad)).toThrow(message);
  });
});
