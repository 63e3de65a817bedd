import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GIVEN, NATIVE } from './bucketer.ts';
import { bucketOf } from './pieces.ts';

test('five digits are the bucket, whatever the seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999 }), fc.string(), (bucket, seed) => {
      expect(bucketOf(GIVEN.prepare(seed)(String(bucket).padStart(5, '0')))).toBe(bucket);
    }),
  );
});

test('anything else is hashed as ever', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (value, seed) => {
      fc.pre(!/^[0-9]{5}$/.test(value));
      expect(GIVEN.prepare(seed)(value)).toBe(NATIVE.prepare(seed)(value));
    }),
  );
});
