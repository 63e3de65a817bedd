import { useInfiniteQuery, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { asApiError } from '../../api/api-error.ts';
import { useMaySomewhere } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { actOnSchedule, type ScheduleAct, scheduleQuery, scheduleRunsQuery } from '../../api/schedules.ts';
import { approvalPath, patterns, schedulesPath } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { ChangeList } from '../approval/made-changes.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { scheduleStateLooks, timeOf } from './schedule-words.ts';

const refreshMs = 5_000;
const done = { pause: 'is paused', resume: 'goes on', cancel: 'is cancelled' } as const;

/** One schedule: what it will do and when, what became of it so far, and how to stop it. */
export function SchedulePage() {
  const { project: key, schedule: id } = getRouteApi(patterns.schedule).useParams();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const { data: schedule } = useSuspenseQuery({ ...scheduleQuery(key, id), refetchInterval: refreshMs });
  const runs = useInfiniteQuery({
    ...scheduleRunsQuery(key, id),
    refetchInterval: refreshMs,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  const may = useMaySomewhere(project);
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const act = useMutation({
    mutationFn: (what: ScheduleAct) => actOnSchedule(key, id, what),
    onSuccess: (_, what) => toastDone({ title: `${schedule.title} ${done[what]}` }),
    onError: (error) => toastFailed({ title: 'It is as it was', text: asApiError(error).message }),
    onSettled: () => client.invalidateQueries({ queryKey: ['schedules', key] }),
  });
  const { state, changes, endChanges, changeRequest, reason, dueAt } = schedule;
  const isOver = state !== 'active' && state !== 'paused';
  return (
    <Page title={schedule.title}>
      <Breadcrumb here={schedule.title}>
        <Link {...schedulesPath(key)}>Schedules</Link>
      </Breadcrumb>
      <PageHeader
        title={schedule.title}
        actions={
          may('targeting:write') &&
          !isOver && (
            <>
              <Button busy={act.isPending} onClick={() => act.mutate(state === 'paused' ? 'resume' : 'pause')}>
                {state === 'paused' ? 'Resume' : 'Pause'}
              </Button>
              <Button onClick={() => setAsking(true)}>Cancel schedule</Button>
            </>
          )
        }
      >
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-ink-2">
          <Badge look={scheduleStateLooks[state]}>{state}</Badge>
          <span className="tabular-nums">{timeOf(schedule)}</span>
          {dueAt !== null && schedule.window && (
            <span className="text-ink-3 tabular-nums">next {timeOf({ at: dueAt })}</span>
          )}
          <span className="text-ink-3">by {schedule.createdBy.name}</span>
        </p>
        {reason !== null && <p className="mt-1.5 break-words text-danger-ink">{reason}</p>}
      </PageHeader>
      <Panel title={endChanges ? 'When it begins' : 'What it does'}>
        {changeRequest !== undefined && (
          <p className="px-4 py-3">
            It applies{' '}
            <Link {...approvalPath(key, changeRequest)} className="text-link underline">
              a change request
            </Link>
            , if that is approved by then.
          </p>
        )}
        {changes && <ChangeList project={project} changes={changes} />}
      </Panel>
      {endChanges && (
        <Panel title="When it ends">
          <ChangeList project={project} changes={endChanges} />
        </Panel>
      )}
      <Panel title="Runs" note="What became of the times at which it was due.">
        <Loaded from={runs} what="its runs">
          {(items) =>
            items.length === 0 ? (
              <p className="px-4 py-3 text-ink-3 text-xs">It was not due yet.</p>
            ) : (
              <ul aria-label="Runs">
                {items.map((run) => (
                  <li
                    key={`${run.dueAt} ${run.edge}`}
                    className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2 text-xs last:border-b-0"
                  >
                    <span className="tabular-nums">{timeOf({ at: run.dueAt })}</span>
                    {run.edge !== 'once' && <span className="text-ink-3">{run.edge}</span>}
                    <Badge look={run.outcome === 'applied' ? 'muted' : 'danger'}>{run.outcome}</Badge>
                    {run.reason !== null && <span className="min-w-0 break-words text-ink-2">{run.reason}</span>}
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
        <More from={runs} label="Show older runs" />
      </Panel>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          act.mutate('cancel');
        }}
        look="danger"
        title={`Cancel ${schedule.title}?`}
        confirmLabel="Cancel schedule"
      >
        <p>It does nothing any more. What it has done already stays. This cannot be undone.</p>
      </ConfirmDialog>
    </Page>
  );
}
