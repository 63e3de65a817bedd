import { expect, test } from 'vitest';
import { timeRange } from './time-range.ts';

test('a plot goes from its first moment to its last, and has a minute around one alone', () => {
  expect(timeRange([60_000, 120_000, 240_000])).toEqual([60, 240]);
  expect(timeRange([60_000])).toEqual([30, 90]);
  expect(timeRange([])).toEqual([-30, 30]);
});
