import { Temporal } from 'temporal-polyfill';

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** Times that come again every week, by the clocks of a place. */
export interface Window {
  readonly weekdays: readonly (typeof WEEKDAYS)[number][];
  /** `HH:MM`. */
  readonly from: string;
  /** `HH:MM`; not later than `from`: of the next day. */
  readonly to: string;
  /** IANA, such as Europe/Berlin. */
  readonly timeZone: string;
}

/** Where a window begins or ends. */
export interface Edge {
  readonly atMs: number;
  readonly kind: 'start' | 'end';
}

/**
 * The first edge behind a moment. A time that clocks leave out (they go forward) is as much later as they go forward; of one that
 * comes twice, the first is meant. Windows that would touch or overlap by that are one.
 */
export function nextEdge(window: Window, afterMs: number): Edge | undefined {
  return edgesAround(window, afterMs).find(({ atMs }) => atMs > afterMs);
}

/** The last edge up to a moment. */
export function lastEdge(window: Window, upToMs: number): Edge | undefined {
  return edgesAround(window, upToMs).findLast(({ atMs }) => atMs <= upToMs);
}

/** Why a window is none; undefined when it is one. */
export function problemOf({ from, to, timeZone }: Window): string | undefined {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
  } catch {
    return `timeZone "${timeZone}" is no IANA time zone, such as Europe/Berlin`;
  }
  return from === to ? 'must not end when it begins: for whole days, end at the next day a minute earlier' : undefined;
}

/** Days looked at on each side: the window of one weekday comes again after seven, and may end a day later. */
const DAYS = 9;

function edgesAround({ weekdays, from, to, timeZone }: Window, momentMs: number): Edge[] {
  const today = Temporal.Instant.fromEpochMilliseconds(momentMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const numbers = new Set(weekdays.map((day) => WEEKDAYS.indexOf(day) + 1));
  const at = (day: Temporal.PlainDate, time: string) =>
    day.toPlainDateTime(Temporal.PlainTime.from(time)).toZonedDateTime(timeZone).epochMilliseconds;
  const spans: { startMs: number; endMs: number }[] = [];
  for (let offset = -DAYS; offset <= DAYS; offset++) {
    const day = today.add({ days: offset });
    if (!numbers.has(day.dayOfWeek)) continue;
    const startMs = at(day, from);
    const endMs = at(to > from ? day : day.add({ days: 1 }), to);
    const last = spans.at(-1);
    if (endMs <= startMs) continue;
    if (last !== undefined && startMs <= last.endMs) last.endMs = Math.max(last.endMs, endMs);
    else spans.push({ startMs, endMs });
  }
  return spans.flatMap(({ startMs, endMs }) => [
    { atMs: startMs, kind: 'start' as const },
    { atMs: endMs, kind: 'end' as const },
  ]);
}
