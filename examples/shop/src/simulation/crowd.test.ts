import { expect, test } from 'vitest';
import { gatherCrowd } from './crowd.ts';

test('the crowd is the same in every run, and a bigger one has the same people first', () => {
  expect(gatherCrowd(60)).toEqual(gatherCrowd(60));
  expect(gatherCrowd(60).slice(0, 10)).toEqual(gatherCrowd(10));
});

test('all countries, plans and devices are in it', () => {
  const crowd = gatherCrowd(60);
  expect(new Set(crowd.map(({ cookies }) => cookies.country)).size).toBe(7);
  expect(new Set(crowd.map(({ cookies }) => cookies.plan)).size).toBe(3);
  expect(new Set(crowd.map(({ userAgent }) => userAgent)).size).toBe(3);
  expect(new Set(crowd.map(({ id }) => id)).size).toBe(60);
});
