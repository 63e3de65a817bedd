import { expect, test } from 'vitest';
import { percentile } from './percentile.ts';

test('is the nearest rank, to a tenth', () => {
  const samples = Array.from({ length: 100 }, (_, at) => at + 1.04);
  expect(percentile(samples, 0)).toBe(1);
  expect(percentile(samples, 50)).toBe(50);
  expect(percentile(samples, 99)).toBe(99);
  expect(percentile(samples, 100)).toBe(100);
  expect(percentile([7.26], 99)).toBe(7.3);
});

test('is null without samples', () => {
  expect(percentile([], 50)).toBeNull();
});
