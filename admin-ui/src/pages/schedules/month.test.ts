import { expect, test } from 'vitest';
import type { FreezeOf } from '../../api/schedules.ts';
import type { Schedule } from '../../api/types.ts';
import { monthAfter, weeksOf } from './month.ts';

const once = { id: 's1', title: 'Launch', state: 'active', at: '2026-11-30T23:59:00.000Z' } as unknown as Schedule;
const weekly = {
  ...{ id: 's2', title: 'Happy hour', state: 'active', createdAt: '2026-11-13T12:00:00.000Z' },
  window: { weekdays: ['friday'], from: '17:00', to: '19:00', timeZone: 'Europe/Berlin' },
} as unknown as Schedule;
const freeze = {
  ...{ id: 'f', name: 'Sale', environment: 'production' },
  ...{ from: '2026-11-27T12:00:00.000Z', to: '2026-11-29T00:00:00.000Z' },
} as unknown as FreezeOf;

test('a month is shown in whole weeks from Monday on, whatever day it begins with', () => {
  for (let by = 0; by < 24; by++) {
    const month = monthAfter('2026-01', by);
    const days = weeksOf(month, [], []).flat();
    expect(days.length % 7).toBe(0);
    expect(new Date(days[0]?.date ?? '').getUTCDay()).toBe(1);
    const inMonth = days.filter(({ isInMonth }) => isInMonth).map(({ date }) => date);
    expect(inMonth[0]).toBe(`${month}-01`);
    expect(inMonth.length).toBe(new Date(Date.UTC(2026, by + 1, 0)).getUTCDate());
  }
});

test('each day tells what is due, each weekday of a window, and each day that a freeze touches', () => {
  const days = weeksOf('2026-11', [once, weekly], [freeze]).flat();
  const on = (date: string) => days.find((day) => day.date === date)?.entries.map(({ title }) => title);
  expect(on('2026-11-30')).toEqual(['Launch']);
  expect(on('2026-11-27')).toEqual(['Sale', 'Happy hour']);
  expect(on('2026-11-28')).toEqual(['Sale']);
  // It ends with the day before.
  expect(on('2026-11-29')).toEqual([]);
  const inMonth = days.filter(({ isInMonth }) => isInMonth).flatMap(({ entries }) => entries);
  expect(inMonth.filter(({ title }) => title === 'Happy hour')).toHaveLength(3);
});

test('what was cancelled is not due', () => {
  const days = weeksOf('2026-11', [{ ...once, state: 'cancelled' }], []).flat();
  expect(days.flatMap(({ entries }) => entries)).toEqual([]);
});
