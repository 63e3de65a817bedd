import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lastEdge, nextEdge, problemOf, WEEKDAYS, type Window } from './window.ts';

const at = (moment: string) => Date.parse(moment);
const daily = (from: string, to: string, timeZone: string): Window => ({ weekdays: WEEKDAYS, from, to, timeZone });

/** The edges from one moment to another, as `start 2026-...Z`. */
function edges(window: Window, from: string, until: string): string[] {
  const found: string[] = [];
  for (let edge = nextEdge(window, at(from) - 1); edge !== undefined && edge.atMs < at(until); ) {
    found.push(`${edge.kind} ${new Date(edge.atMs).toISOString().slice(0, 16)}`);
    edge = nextEdge(window, edge.atMs);
  }
  return found;
}

test('a window follows the clocks of its place, also over night', () => {
  const office: Window = { weekdays: ['friday', 'monday'], from: '09:00', to: '17:30', timeZone: 'Europe/Berlin' };
  expect(edges(office, '2026-01-01T00:00Z', '2026-01-06T00:00Z')).toEqual([
    'start 2026-01-02T08:00',
    'end 2026-01-02T16:30',
    'start 2026-01-05T08:00',
    'end 2026-01-05T16:30',
  ]);
  const night: Window = { ...office, weekdays: ['saturday'], from: '22:00', to: '02:00' };
  expect(edges(night, '2026-07-01T00:00Z', '2026-07-08T00:00Z')).toEqual([
    'start 2026-07-04T20:00',
    'end 2026-07-05T00:00',
  ]);
});

test('Berlin: a time that is left out comes an hour later, of one that comes twice the first is meant', () => {
  const window = daily('02:30', '04:00', 'Europe/Berlin');
  expect(edges(window, '2026-03-28T00:00Z', '2026-03-30T12:00Z')).toEqual([
    'start 2026-03-28T01:30',
    'end 2026-03-28T03:00',
    'start 2026-03-29T01:30',
    'end 2026-03-29T02:00',
    'start 2026-03-30T00:30',
    'end 2026-03-30T02:00',
  ]);
  expect(edges(window, '2026-10-25T00:00Z', '2026-10-25T12:00Z')).toEqual([
    'start 2026-10-25T00:30',
    'end 2026-10-25T03:00',
  ]);
});

test('New York: noon stays noon over both changes', () => {
  const window = daily('12:00', '13:00', 'America/New_York');
  const starts = (day: string) => edges(window, `${day}T00:00Z`, `${day}T23:59Z`)[0];
  expect(starts('2026-03-07')).toBe('start 2026-03-07T17:00');
  expect(starts('2026-03-08')).toBe('start 2026-03-08T16:00');
  expect(starts('2026-10-31')).toBe('start 2026-10-31T16:00');
  expect(starts('2026-11-01')).toBe('start 2026-11-01T17:00');
  const night = daily('01:30', '02:30', 'America/New_York');
  expect(edges(night, '2026-11-01T00:00Z', '2026-11-01T12:00Z')).toEqual([
    'start 2026-11-01T05:30',
    'end 2026-11-01T07:30',
  ]);
  // 02:30 does not come: it is 03:30.
  expect(edges(night, '2026-03-08T00:00Z', '2026-03-08T12:00Z')).toEqual([
    'start 2026-03-08T06:30',
    'end 2026-03-08T07:30',
  ]);
});

test('Lord Howe moves its clocks by half an hour', () => {
  const window = daily('02:15', '03:00', 'Australia/Lord_Howe');
  // Forward at 02:00 to 02:30 on the 4th of October: 02:15 is 02:45.
  expect(edges(window, '2026-10-02T12:00Z', '2026-10-04T12:00Z')).toEqual([
    'start 2026-10-02T15:45',
    'end 2026-10-02T16:30',
    'start 2026-10-03T15:45',
    'end 2026-10-03T16:00',
  ]);
  // Back at 02:00 to 01:30 on the 5th of April.
  expect(edges(daily('01:45', '02:15', 'Australia/Lord_Howe'), '2026-04-04T12:00Z', '2026-04-05T12:00Z')).toEqual([
    'start 2026-04-04T14:45',
    'end 2026-04-04T15:45',
  ]);
});

test('a window that the clocks leave out altogether does not come that day', () => {
  const window = daily('02:30', '03:15', 'Europe/Berlin');
  expect(edges(window, '2026-03-29T00:00Z', '2026-03-29T12:00Z')).toEqual([]);
});

test('what is no time zone, or has no length, is no window', () => {
  expect(problemOf(daily('09:00', '10:00', 'Mars/Olympus'))).toContain('time zone');
  expect(problemOf(daily('09:00', '09:00', 'UTC'))).toContain('must not end');
  expect(problemOf(daily('22:00', '02:00', 'UTC'))).toBeUndefined();
});

const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC', 'Asia/Kathmandu', 'Pacific/Apia'];
const time = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
const windows = fc
  .record({
    weekdays: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
    from: time,
    to: time,
    timeZone: fc.constantFrom(...zones),
  })
  .filter(({ from, to }) => from !== to);

test('wherever one looks from, beginnings and ends take turns, and the same ones are found', () => {
  const moments = fc.integer({ min: at('2025-01-01T00:00Z'), max: at('2027-12-31T00:00Z') });
  fc.assert(
    fc.property(windows, moments, (window, momentMs) => {
      const next = nextEdge(window, momentMs);
      const last = lastEdge(window, momentMs);
      expect(next?.atMs).toBeGreaterThan(momentMs);
      expect(last?.atMs).toBeLessThanOrEqual(momentMs);
      expect(last?.kind).not.toBe(next?.kind);
      expect(nextEdge(window, last?.atMs ?? 0)).toEqual(next);
      expect(lastEdge(window, next?.atMs ?? 0)).toEqual(next);
    }),
    { numRuns: 300 },
  );
});
