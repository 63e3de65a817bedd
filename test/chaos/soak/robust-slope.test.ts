import { expect, test } from 'vitest';
import { seeded } from '../seeded.ts';
import { robustSlope } from './robust-slope.ts';

const xs = Array.from({ length: 40 }, (_, at) => at);

test('the slope of a line is that of the line, whatever a few points are', () => {
  const ys = xs.map((x) => (x % 9 === 4 ? 1_000 : 5 + 3 * x));
  expect(robustSlope(xs, ys).slope).toBeCloseTo(3, 5);
});

test('of 400 noisy lines the interval holds the true slope of about 95 in 100', () => {
  const random = seeded(1);
  const noise = () => random() + random() + random() - 1.5;
  let held = 0;
  for (let round = 0; round < 400; round++) {
    const { low, high } = robustSlope(
      xs,
      xs.map((x) => 0.02 * x + noise()),
    );
    if (low <= 0.02 && 0.02 <= high) held++;
  }
  expect(held).toBeGreaterThan(365);
  expect(held).toBeLessThan(397);
});

test('too few points say nothing', () => {
  expect(robustSlope([1], [1])).toEqual({ slope: Number.NaN, low: Number.NaN, high: Number.NaN });
});
