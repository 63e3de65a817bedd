import fc from 'fast-check';
import { expect, test } from 'vitest';
import { median, percentile, round } from './statistics.ts';

test('the median is the middle value, or the mean of the two in the middle, whatever the order', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([10, 1, 2, 4])).toBe(3);
  expect(median([])).toBeNaN();
});

test('a percentile is one of the values, with at least that share of them at or below it and no smaller one that has', () => {
  const values = fc.array(fc.integer(), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 100 }), (numbers, percent) => {
      const found = percentile(numbers, percent);
      const share = (limit: (value: number) => boolean) => (100 * numbers.filter(limit).length) / numbers.length;
      expect(numbers).toContain(found);
      expect(share((value) => value <= found)).toBeGreaterThanOrEqual(percent);
      expect(share((value) => value < found)).toBeLessThan(percent);
    }),
  );
});

test('of 1 000 values, p99 is the tenth largest', () => {
  const values = Array.from({ length: 1_000 }, (_, i) => 1_000 - i);
  expect(percentile(values, 99)).toBe(990);
  expect(percentile(values, 50)).toBe(500);
});

test('figures keep three significant digits', () => {
  expect(round(23.456)).toBe(23.5);
  expect(round(0.012345)).toBe(0.0123);
  expect(round(191_234)).toBe(191_000);
});
