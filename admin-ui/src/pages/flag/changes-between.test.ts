import { expect, test } from 'vitest';
import type { AuditEvent } from '../../api/types.ts';
import { changesBetween } from './changes-between.ts';

const at = (minute: number) => `2030-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
const said = (minute: number) => ({ createdAt: at(minute) });
const event = (minute: number, action = 'flag.updated') => ({ at: at(minute), action }) as AuditEvent;

const trail = [event(9), event(7, 'flag.commented'), event(6), event(5, 'flag.archived'), event(2), event(1)];
const minutes = (events: AuditEvent[]) => events.map((one) => new Date(one.at).getUTCMinutes());

test('between two comments stand the changes of that time, and no comments', () => {
  expect(minutes(changesBetween(trail, false, said(7), said(3)))).toEqual([6, 5]);
  expect(minutes(changesBetween(trail, false, said(3), said(1)))).toEqual([2]);
});

test('where the trail was not read so far back, nothing is told rather than half of it', () => {
  expect(changesBetween(trail, false, said(7), said(0))).toEqual([]);
  expect(minutes(changesBetween(trail, true, said(3), said(0)))).toEqual([2, 1]);
  expect(changesBetween([], false, said(7), said(0))).toEqual([]);
});
