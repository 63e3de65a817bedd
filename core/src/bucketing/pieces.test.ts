import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUCKET_COUNT } from '../model.ts';
import { bucketOf, firstHashOf, toPieces } from './pieces.ts';

test('each bucket starts at the first hash that scales to it', () => {
  for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
    const first = firstHashOf(bucket);
    if (bucketOf(first) !== bucket) expect.unreachable(`bucket ${bucket} starts late`);
    if (bucket > 0 && bucketOf(first - 1) !== bucket - 1) expect.unreachable(`bucket ${bucket} starts early`);
  }
  expect(firstHashOf(0)).toBe(-(2 ** 31));
  expect(firstHashOf(BUCKET_COUNT)).toBe(2 ** 31);
});

test('scaling favours no bucket: sizes differ by one hash at most', () => {
  const sizes = new Set<number>();
  for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) sizes.add(firstHashOf(bucket + 1) - firstHashOf(bucket));
  expect([...sizes].sort()).toEqual([42949, 42950]);
});

test('pieces answer every bucket as the ranges do', () => {
  const bounds = fc.uniqueArray(fc.integer({ min: 0, max: BUCKET_COUNT }), { minLength: 2, maxLength: 9 });
  fc.assert(
    fc.property(bounds, fc.nat(8), fc.integer({ min: -1, max: 1 }), (cuts, which, beside) => {
      // Buckets at the bounds and beside them are where mistakes would be.
      const bucket = Math.min(BUCKET_COUNT - 1, Math.max(0, (cuts[which % cuts.length] ?? 0) + beside));
      const sorted = [...cuts].sort((a, b) => a - b);
      // Every other interval is owned, so that gaps occur.
      const ranges = sorted.slice(1).flatMap((to, i) => {
        const from = sorted[i];
        return i % 3 === 2 || from === undefined ? [] : [{ variant: `v${i % 3}`, from, to }];
      });
      const { lasts, variants } = toPieces([...ranges].reverse());
      const expected = ranges.find((range) => range.from <= bucket && bucket < range.to)?.variant;
      for (const hash of [firstHashOf(bucket), firstHashOf(bucket + 1) - 1]) {
        expect(variants[lasts.findIndex((last) => hash <= last)]).toBe(expected);
      }
    }),
  );
});
