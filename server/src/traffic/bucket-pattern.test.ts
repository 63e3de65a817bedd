import { BUCKET_COUNT } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketPattern } from './bucket-pattern.ts';

const bucket = fc.integer({ min: 0, max: BUCKET_COUNT - 1 });

test('a pattern matches the buckets below a share, and no others', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: BUCKET_COUNT }), bucket, (share, number) => {
      const pattern = bucketPattern(share);
      // At the edge as well as anywhere.
      for (const one of [number, share - 1, share].filter((value) => value >= 0 && value < BUCKET_COUNT)) {
        const matches = pattern !== undefined && new RegExp(pattern).test(String(one).padStart(5, '0'));
        expect([share, one, matches]).toEqual([share, one, one < share]);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('only five digits are a bucket', () => {
  for (const text of ['', '0', '0000', '000000', '-0001', '0001\n', 'x']) {
    expect(new RegExp(bucketPattern(BUCKET_COUNT) ?? '').test(text), text).toBe(false);
  }
});
