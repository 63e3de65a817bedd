import { plural, t } from '@lingui/core/macro';
import type { FireDrill, FireDrillBody } from '../../api/types.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

type Window = NonNullable<FireDrill['window']>;
export type Weekday = Window['weekdays'][number];

export const weekdays: readonly Weekday[] = [
  ...(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const),
];

export interface DrillDraft {
  /** Hours; empty: only by hand. */
  readonly every: string;
  readonly limitMs: number;
  readonly isBounded: boolean;
  readonly weekdays: readonly Weekday[];
  /** `HH:MM` */
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

/** @param timeZone of the reader, for a window that is new */
export function draftOf(drill: FireDrill | null, timeZone: string): DrillDraft {
  const { everyHours, limitMs, window } = drill ?? { everyHours: null, limitMs: 1_000, window: null };
  const office: Window = { weekdays: [...weekdays.slice(0, 5)], from: '09:00', to: '17:00', timeZone };
  return {
    every: everyHours === null ? '' : String(everyHours),
    limitMs,
    isBounded: window !== null,
    ...(window ?? office),
  };
}

/** Reads what was typed: what to send, or what is wrong, by its place. The server looks at the time zone. */
export function checkDrill(draft: DrillDraft): { ok: true; ready: FireDrillBody } | { ok: false; errors: FormErrors } {
  const { every, limitMs, isBounded, from, to } = draft;
  const everyHours = every === '' ? null : Number(every);
  if (!isBounded) return { ok: true, ready: { everyHours, limitMs } };
  const errors: Record<string, string> = {};
  if (draft.weekdays.length === 0) errors.weekdays = t`Choose a day.`;
  if (from === '' || to === '') errors.times = t`Enter from when to when, such as 09:00 to 17:00.`;
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const days = weekdays.filter((day) => draft.weekdays.includes(day));
  return {
    ok: true,
    ready: { everyHours, limitMs, window: { weekdays: days, from, to, timeZone: draft.timeZone.trim() } },
  };
}

/** `every 24 hours`, `only by hand` */
export function everyWords(everyHours: number | null): string {
  if (everyHours === null) return t`only by hand`;
  if (everyHours % 24 !== 0) return plural(everyHours, { one: 'every hour', other: 'every # hours' });
  return plural(everyHours / 24, { one: 'every day', other: 'every # days' });
}
