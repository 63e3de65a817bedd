import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight, Snowflake } from 'lucide-react';
import type { FreezeOf } from '../../api/schedules.ts';
import type { Schedule } from '../../api/types.ts';
import { manners } from '../../locales/locale.ts';
import { schedulePath } from '../../paths.ts';
import { IconButton } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Panel } from '../../ui/panel.tsx';
import { type Day, type DayEntry, monthAfter, weeksOf } from './month.ts';

interface CalendarProps {
  project: string;
  /** `2026-11` */
  month: string;
  schedules: readonly Schedule[];
  freezes: readonly FreezeOf[];
  onMonth: (month: string) => void;
}

const weekdays = [msg`Mon`, msg`Tue`, msg`Wed`, msg`Thu`, msg`Fri`, msg`Sat`, msg`Sun`];

/** A month of what is scheduled and frozen: a table where there is room, on a phone the days on which something is. */
export function Calendar({ project, month, schedules, freezes, onMonth }: CalendarProps) {
  const weeks = weeksOf(month, schedules, freezes);
  const name = new Date(`${month}-01T00:00:00Z`).toLocaleDateString(manners(), {
    ...({ month: 'long', year: 'numeric', timeZone: 'UTC' } as const),
  });
  const busy = weeks.flat().filter(({ isInMonth, entries }) => isInMonth && entries.length > 0);
  return (
    <Panel
      title={name}
      note={t`In UTC; windows by the clocks of their own place.`}
      actions={
        <>
          <IconButton label={t`Month before`} onClick={() => onMonth(monthAfter(month, -1))}>
            <ChevronLeft aria-hidden />
          </IconButton>
          <IconButton label={t`Month after`} onClick={() => onMonth(monthAfter(month, 1))}>
            <ChevronRight aria-hidden />
          </IconButton>
        </>
      }
    >
      <table className="w-full table-fixed border-collapse max-sm:hidden">
        <caption className="sr-only">{name}</caption>
        <thead>
          <tr>
            {weekdays.map((weekday) => (
              <th key={weekday.id} scope="col" className="px-2 py-1.5 text-start font-medium text-ink-3 text-xs">
                {t(weekday)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((days) => (
            <tr key={days[0]?.date} className="align-top">
              {days.map((day) => (
                <DayCell key={day.date} project={project} day={day} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <ul aria-label={name} className="sm:hidden">
        {busy.length === 0 && (
          <li className="px-4 py-3.5 text-ink-3 text-xs">
            <Trans>Nothing is planned in this month.</Trans>
          </li>
        )}
        {busy.map(({ date, entries }) => (
          <li key={date} className="flex flex-col gap-1 border-line border-b px-4 py-2 last:border-b-0">
            <time dateTime={date} className="text-ink-3 text-xs">
              {date}
            </time>
            {entries.map((entry) => (
              <Entry key={entry.id} project={project} entry={entry} />
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function DayCell({ project, day: { date, isInMonth, entries } }: { project: string; day: Day }) {
  const isToday = date === new Date().toISOString().slice(0, 10);
  return (
    <td className={classNames('h-22 border border-line p-1.5', !isInMonth && 'bg-sunken')}>
      <time
        dateTime={date}
        aria-current={isToday ? 'date' : undefined}
        className={classNames(
          'mb-1 inline-grid size-5 place-items-center rounded-full text-2xs tabular-nums',
          isToday ? 'bg-accent font-semibold text-on-accent' : isInMonth ? 'text-ink-2' : 'text-ink-3',
        )}
      >
        {Number(date.slice(8))}
      </time>
      <span className="flex flex-col gap-1">
        {entries.map((entry) => (
          <Entry key={entry.id} project={project} entry={entry} />
        ))}
      </span>
    </td>
  );
}

function Entry({ project, entry: { id, kind, title, time, environment } }: { project: string; entry: DayEntry }) {
  if (kind === 'freeze') {
    return (
      <span
        className="flex min-h-6 items-center gap-1 rounded-xs bg-sunken px-1.5 text-2xs text-ink-2"
        title={`${environment}: ${title}`}
      >
        <Snowflake className="size-3 shrink-0" aria-label={t`Freeze`} />
        <span className="truncate">
          {environment}: {title}
        </span>
      </span>
    );
  }
  return (
    <Link
      {...schedulePath(project, id)}
      title={`${time} ${title}`}
      className="flex min-h-6 items-center gap-1 rounded-xs border border-line bg-raised px-1.5 text-2xs hover:bg-hover"
    >
      <span className="shrink-0 text-ink-3 tabular-nums">{time.slice(0, 5)}</span>
      <span className="truncate">{title}</span>
    </Link>
  );
}
