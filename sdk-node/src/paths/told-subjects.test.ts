import { afterEach, expect, test, vi } from 'vitest';
import { ToldSubjects } from './told-subjects.ts';

afterEach(() => void vi.useRealTimers());

test('a subject is told of once, and again after ten minutes', () => {
  vi.useFakeTimers();
  const told = new ToldSubjects();
  const add = () => {
    told.renew();
    return told.add('a', 7);
  };
  expect([add(), add(), told.add('b', 7)]).toEqual([true, false, true]);
  vi.advanceTimersByTime(9 * 60_000);
  expect(add()).toBe(false);
  vi.advanceTimersByTime(2 * 60_000);
  expect([add(), add()]).toEqual([true, false]);
});

test('of more than fifty flags nothing is told', () => {
  const told = new ToldSubjects();
  expect(Array.from({ length: 60 }, (_, at) => told.add(`flag-${at}`, 1)).filter(Boolean)).toHaveLength(50);
});
