import { expect, test } from 'vitest';
import { Throttle } from './throttle.ts';

test('lets a burst through, then one for each refill', () => {
  const throttle = new Throttle({ burst: 3, refillMs: 100 });
  expect([0, 0, 0, 0].map(() => throttle.take('a', 1_000))).toEqual([0, 0, 0, 100]);
  expect(throttle.take('a', 1_050)).toBe(50);
  expect(throttle.take('a', 1_100)).toBe(0);
  expect(throttle.take('a', 1_100)).toBe(100);
  expect(throttle.take('b', 1_100)).toBe(0);
});

test('is full again after a rest, and never fuller', () => {
  const throttle = new Throttle({ burst: 2, refillMs: 100 });
  throttle.take('a', 0);
  throttle.take('a', 0);
  expect([0, 0, 0].map(() => throttle.take('a', 10_000))).toEqual([0, 0, 100]);
});

test('forgets the longest untouched name when it has no room', () => {
  const throttle = new Throttle({ burst: 1, refillMs: 100, capacity: 2 });
  throttle.take('a', 0);
  throttle.take('b', 0);
  throttle.take('c', 0);
  expect(throttle.take('b', 0)).toBe(100);
  expect(throttle.take('a', 0)).toBe(0);
});
