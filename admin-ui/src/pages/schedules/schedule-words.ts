import type { Schedule } from '../../api/types.ts';

export const scheduleStateLooks: Readonly<Record<Schedule['state'], 'plain' | 'muted' | 'danger'>> = {
  ...{ active: 'plain', paused: 'muted', done: 'muted', failed: 'danger', missed: 'danger', cancelled: 'muted' },
};

/** When a schedule does something: its moment in UTC, or its window by the clocks of its place. */
export function timeOf({ at, window }: Pick<Schedule, 'at' | 'window'>): string {
  if (at !== undefined) return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
  if (!window) return '';
  const days = window.weekdays.map((day) => `${day.charAt(0).toUpperCase()}${day.slice(1, 3)}`).join(', ');
  return `${days} ${window.from}–${window.to} ${window.timeZone}`;
}
