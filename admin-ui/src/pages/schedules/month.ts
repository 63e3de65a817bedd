import type { FreezeOf } from '../../api/schedules.ts';
import type { Schedule } from '../../api/types.ts';

/** Something that a day of the calendar tells. */
export interface DayEntry {
  /** A schedule's or freeze's id. */
  readonly id: string;
  readonly kind: 'schedule' | 'freeze';
  readonly title: string;
  /** When on that day, as people say it; empty: all of it. */
  readonly time: string;
  /** Of a freeze: its environment's key. */
  readonly environment?: string;
}

export interface Day {
  /** `2026-11-21` */
  readonly date: string;
  /** It is of the month that is shown, not of one beside it. */
  readonly isInMonth: boolean;
  readonly entries: readonly DayEntry[];
}

const dayMs = 86_400_000;
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** The weeks that a month touches, from Monday on, in UTC, with what happens on each day. @param month `2026-11` */
export function weeksOf(month: string, schedules: readonly Schedule[], freezes: readonly FreezeOf[]): Day[][] {
  const firstMs = Date.parse(`${month}-01T00:00:00Z`);
  const first = new Date(firstMs);
  const nextMs = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 1);
  // Monday is the first day: the days before it that the first of the month is away from it.
  const startMs = firstMs - ((first.getUTCDay() + 6) % 7) * dayMs;
  const weeks: Day[][] = [];
  for (let weekMs = startMs; weekMs < nextMs; weekMs += 7 * dayMs) {
    weeks.push(
      Array.from({ length: 7 }, (_, at) => {
        const dateMs = weekMs + at * dayMs;
        return {
          date: new Date(dateMs).toISOString().slice(0, 10),
          isInMonth: dateMs >= firstMs && dateMs < nextMs,
          entries: [
            ...freezes.flatMap((one) => freezeOn(one, dateMs)),
            ...schedules.flatMap((one) => dueOn(one, dateMs)).sort((a, b) => (a.time < b.time ? -1 : 1)),
          ],
        };
      }),
    );
  }
  return weeks;
}

/** The month that many after another. @param month `2026-11` */
export function monthAfter(month: string, by: number): string {
  const first = new Date(`${month}-01T00:00:00Z`);
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + by, 1)).toISOString().slice(0, 7);
}

function freezeOn({ id, name, from, to, environment }: FreezeOf, dateMs: number): DayEntry[] {
  if (Date.parse(from) >= dateMs + dayMs || Date.parse(to) <= dateMs) return [];
  return [{ id, kind: 'freeze', title: name, time: '', environment }];
}

function dueOn({ id, title, state, at, window, createdAt }: Schedule, dateMs: number): DayEntry[] {
  if (state === 'cancelled') return [];
  if (at !== undefined) {
    const atMs = Date.parse(at);
    if (atMs < dateMs || atMs >= dateMs + dayMs) return [];
    return [{ id, kind: 'schedule', title, time: new Date(atMs).toISOString().slice(11, 16) }];
  }
  // Of a window only what is to come is known; what became of it before, its runs tell.
  if (state !== 'active' || Date.parse(createdAt) >= dateMs + dayMs) return [];
  const weekday = weekdays[new Date(dateMs).getUTCDay()];
  if (!window || weekday === undefined || !window.weekdays.includes(weekday)) return [];
  return [{ id, kind: 'schedule', title, time: `${window.from}–${window.to} ${window.timeZone}` }];
}
