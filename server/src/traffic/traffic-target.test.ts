import { expect, test } from 'vitest';
import { isInForce, type TrafficCapabilities } from './traffic-target.ts';

const capabilities = (granularityPer100k: number): TrafficCapabilities => ({
  ...{ atomic: true, sticky: true, lease: true, drain: true, shadow: true, fenced: true },
  granularityPer100k,
});

test.each([
  [1, 5_000, 5_000, true],
  [1, 5_000, 5_001, false],
  [1_000, 5_000, 5_017, true],
  // The next step is another weight.
  [1_000, 5_000, 6_000, false],
  // Nobody is nobody, and everyone is everyone.
  [1_000, 0, 300, false],
  [1_000, 300, 0, false],
  [1_000, 100_000, 99_800, false],
  [1_000, 0, undefined, false],
])('with steps of %d, %d wanted and %s seen', (step, candidatePer100k, seen, expected) => {
  const observed = seen === undefined ? {} : { candidatePer100k: seen };
  expect(isInForce(observed, { candidatePer100k }, capabilities(step))).toBe(expected);
});

test('copies that nobody wanted are not what was wanted', () => {
  const wanted = { candidatePer100k: 0 };
  expect(isInForce({ candidatePer100k: 0, shadowPer100k: 100 }, wanted, capabilities(1))).toBe(false);
  expect(isInForce({ candidatePer100k: 0 }, { ...wanted, shadowPer100k: 100 }, capabilities(1))).toBe(false);
  expect(isInForce({ candidatePer100k: 0, shadowPer100k: 0 }, wanted, capabilities(1))).toBe(true);
});
