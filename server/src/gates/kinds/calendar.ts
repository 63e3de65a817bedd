import type { GateOf } from '../gate.ts';
import type { GateKind } from './gate-kind.ts';

/** Whether a moment was within the hours, and how that clock showed it, such as `Friday 17:05`. */
export type Moment = { readonly isOpen: boolean; readonly shown: string };

export const calendar: GateKind<GateOf<'calendar'>, Moment, Moment | null> = {
  begin: () => null,
  take: (_, __, moment) => moment,
  miss: () => null,
  find(settings, moment) {
    if (moment === null) return { verdict: 'inconclusive', reason: 'Nobody looked at the clock.' };
    const { isOpen, shown } = moment;
    const hours = describeHours(settings);
    return isOpen
      ? { verdict: 'successful', reason: `It is ${shown}, within ${hours}.` }
      : { verdict: 'running', reason: `It is ${shown}: it waits for ${hours}.` };
  },
};

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const NO_DAYS: GateOf<'calendar'>['days'] = undefined;

/** What a calendar says at a moment. @throws {RangeError} when there is no such time zone */
export function readCalendar(
  { days = NO_DAYS, from = '00:00', to, timeZone = 'UTC' }: GateOf<'calendar'>,
  atMs: number,
): Moment {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(atMs);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? '';
  const time = `${part('hour')}:${part('minute')}`;
  const weekday = part('weekday');
  const today = (DAYS as readonly string[]).indexOf(weekday.toLowerCase());
  const isDay = (day: number) => days === undefined || days.includes(DAYS[(day + 7) % 7] ?? 'monday');
  const isOvernight = to !== undefined && to <= from;
  const isOpen = isOvernight
    ? (isDay(today) && time >= from) || (isDay(today - 1) && time < to)
    : isDay(today) && time >= from && (to === undefined || time < to);
  return { isOpen, shown: `${weekday} ${time} (${timeZone})` };
}

function describeHours({ days, from = '00:00', to = '24:00' }: GateOf<'calendar'>): string {
  const names = days?.map((day) => `${day.charAt(0).toUpperCase()}${day.slice(1)}`).join(', ');
  return `${names ?? 'every day'}, ${from} to ${to}`;
}
