import { expect, test } from 'vitest';
import type { FireDrill } from '../../api/types.ts';
import { checkDrill, draftOf, everyWords } from './drill-draft.ts';

const drill: FireDrill = {
  ...{ everyHours: 72, limitMs: 500, nextAt: null, updatedAt: '2026-11-21T12:00:00Z' },
  window: { weekdays: ['monday', 'sunday'], from: '22:00', to: '02:00', timeZone: 'Asia/Kolkata' },
};

test('drills that are opened and saved untouched are the same', () => {
  const { everyHours, limitMs, window } = drill;
  expect(checkDrill(draftOf(drill, 'UTC'))).toEqual({ ok: true, ready: { everyHours, limitMs, window } });
  const byHand = { ...drill, everyHours: null, window: null };
  expect(checkDrill(draftOf(byHand, 'UTC'))).toEqual({ ok: true, ready: { everyHours: null, limitMs } });
});

test('a window without a day or a time is refused, and days are sent in their order', () => {
  const draft = { ...draftOf(null, 'Europe/Berlin'), isBounded: true };
  const checked = checkDrill({ ...draft, weekdays: [], to: '' });
  expect(checked.ok ? [] : Object.keys(checked.errors)).toEqual(['weekdays', 'times']);
  expect(checkDrill({ ...draft, weekdays: ['friday', 'monday'] })).toMatchObject({
    ready: { window: { weekdays: ['monday', 'friday'], timeZone: 'Europe/Berlin' } },
  });
});

test('how often is said in words', () => {
  expect([null, 1, 24, 36, 168].map(everyWords)).toEqual([
    ...['only by hand', 'every hour', 'every day', 'every 36 hours', 'every 7 days'],
  ]);
});
