import { msg, t } from '@lingui/core/macro';
import { useInfiniteQuery, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { projectQuery } from '../../api/projects.ts';
import { rampsQuery } from '../../api/ramps.ts';
import { freezesQuery, schedulesQuery } from '../../api/schedules.ts';
import type { Schedule } from '../../api/types.ts';
import { patterns, schedulePath, schedulesPath } from '../../paths.ts';
import type { SchedulesSearch } from '../../searches.ts';
import { Badge } from '../../ui/badge.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { Calendar } from './calendar.tsx';
import { FreezesPanel } from './freezes-panel.tsx';
import { RampsPanel } from './ramps-panel.tsx';
import { scheduleStateLooks, timeOf } from './schedule-words.ts';

const views = [
  { value: 'calendar', label: msg`Calendar` },
  { value: 'list', label: msg`List` },
] as const;

const refreshMs = 15_000;

/** What will be changed by itself and when, and when nothing may be changed. Its state is its address. */
export function SchedulesPage() {
  const route = getRouteApi(patterns.schedules);
  const { project: key } = route.useParams();
  const search = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const navigate = useNavigate();
  const schedules = useInfiniteQuery({
    ...schedulesQuery(key),
    refetchInterval: refreshMs,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  const freezes = useQuery({ ...freezesQuery(project), refetchInterval: refreshMs });
  const ramps = useQuery({ ...rampsQuery(project), refetchInterval: refreshMs });
  const change = (part: SchedulesSearch) =>
    void navigate({ ...schedulesPath(key, { ...search, ...part }), replace: true });
  return (
    <Page title={t`Schedules of ${project.name}`}>
      <PageHeader
        title={t`Schedules`}
        actions={
          <Segmented
            label={t`View`}
            value={search.view ?? 'calendar'}
            options={views}
            onChange={(view) => change({ view: view === 'list' ? 'list' : undefined })}
          />
        }
      />
      {search.view === 'list' ? (
        <Panel title={t`Scheduled changes`} note={t`Newest first.`}>
          <Loaded from={schedules} what={t`the schedules`}>
            {(items) =>
              items.length === 0 ? (
                <EmptyState
                  title={t`Nothing is scheduled`}
                  text={t`A change of a flag's targeting can be made at a time instead of now, and an approved change request applied at one: both are offered where they are reviewed.`}
                />
              ) : (
                <ul aria-label={t`Schedules`}>
                  {items.map((schedule) => (
                    <ScheduleRow key={schedule.id} project={key} schedule={schedule} />
                  ))}
                </ul>
              )
            }
          </Loaded>
          <More from={schedules} label={t`Show older schedules`} />
        </Panel>
      ) : (
        <>
          <Loaded from={schedules} what={t`the schedules`}>
            {(items) => (
              <Calendar
                project={key}
                month={search.month ?? new Date().toISOString().slice(0, 7)}
                schedules={items}
                freezes={freezes.data ?? []}
                onMonth={(month) => change({ month })}
              />
            )}
          </Loaded>
          <More from={schedules} label={t`Show older schedules`} />
        </>
      )}
      <RampsPanel project={project} ramps={ramps} />
      <FreezesPanel project={project} freezes={freezes} />
    </Page>
  );
}

function ScheduleRow({ project, schedule }: { project: string; schedule: Schedule }) {
  const { id, title, state, createdBy } = schedule;
  return (
    <li className="border-line border-b last:border-b-0">
      <Link
        {...schedulePath(project, id)}
        className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 -outline-offset-2 hover:bg-hover"
      >
        <span className="flex min-w-0 flex-1 basis-64 flex-col">
          <span className="truncate font-medium">{title}</span>
          <span className="text-ink-3 text-xs">{createdBy.name}</span>
        </span>
        <span className="text-ink-2 text-xs tabular-nums">{timeOf(schedule)}</span>
        <Badge look={scheduleStateLooks[state]}>{wordOf(state)}</Badge>
      </Link>
    </li>
  );
}
