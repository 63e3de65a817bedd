import { expect, test } from 'vitest';
import type { GateOf } from '../gate.ts';
import { calendar, readCalendar } from './calendar.ts';

const gate = (more: Partial<GateOf<'calendar'>>): GateOf<'calendar'> => ({ kind: 'calendar', name: 'hours', ...more });
const isOpen = (more: Partial<GateOf<'calendar'>>, at: string) => readCalendar(gate(more), Date.parse(at)).isOpen;

test('it is open from the first to before the last minute, on the days that are named', () => {
  const hours = { days: ['monday', 'friday'], from: '09:00', to: '17:00' } as const;
  const given = { ...hours, days: [...hours.days] };
  // 2026-11-20 is a Friday.
  expect(isOpen(given, '2026-11-20T08:59:59Z')).toBe(false);
  expect(isOpen(given, '2026-11-20T09:00:00Z')).toBe(true);
  expect(isOpen(given, '2026-11-20T16:59:59Z')).toBe(true);
  expect(isOpen(given, '2026-11-20T17:00:00Z')).toBe(false);
  expect(isOpen(given, '2026-11-19T12:00:00Z')).toBe(false);
  expect(isOpen({}, '2026-11-19T03:00:00Z')).toBe(true);
});

test('hours that end earlier than they begin last until the next day, which need not be named', () => {
  const night = { days: ['friday' as const], from: '22:00', to: '02:00' };
  expect(isOpen(night, '2026-11-20T23:00:00Z')).toBe(true);
  expect(isOpen(night, '2026-11-21T01:59:00Z')).toBe(true);
  expect(isOpen(night, '2026-11-21T02:00:00Z')).toBe(false);
  expect(isOpen(night, '2026-11-20T01:00:00Z')).toBe(false);
});

test('it goes by the clock of its time zone, in summer too', () => {
  const berlin = { from: '09:00', to: '17:00', timeZone: 'Europe/Berlin' };
  expect(isOpen(berlin, '2026-07-01T07:00:00Z')).toBe(true);
  expect(isOpen(berlin, '2026-12-01T07:00:00Z')).toBe(false);
  expect(isOpen(berlin, '2026-12-01T08:00:00Z')).toBe(true);
});

test('outside its hours it waits, and never fails', () => {
  const settings = gate({ days: ['monday'], from: '09:00', timeZone: 'UTC' });
  const moment = readCalendar(settings, Date.parse('2026-11-20T10:30:00Z'));
  expect(calendar.find(settings, moment)).toEqual({
    verdict: 'running',
    reason: 'It is Friday 10:30 (UTC): it waits for Monday, 09:00 to 24:00.',
  });
});
