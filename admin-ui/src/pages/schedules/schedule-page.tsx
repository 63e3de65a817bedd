import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMaySomewhere } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { actOnSchedule, type ScheduleAct, scheduleQuery, scheduleRunsQuery } from '../../api/schedules.ts';
import { approvalPath, patterns, schedulesPath } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Button } from '../../ui/button.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { ChangeList } from '../approval/made-changes.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { scheduleStateLooks, timeOf } from './schedule-words.ts';

const refreshMs = 5_000;
const done = { pause: msg`is paused`, resume: msg`goes on`, cancel: msg`is cancelled` } as const;

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
    onSuccess: (_, what) => toastDone({ title: `${schedule.title} ${t(done[what])}` }),
    onError: (error) => toastFailed({ title: t`It is as it was`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: ['schedules', key] }),
  });
  const { state, changes, endChanges, changeRequest, reason, dueAt } = schedule;
  const isOver = state !== 'active' && state !== 'paused';
  return (
    <Page title={schedule.title}>
      <Breadcrumb here={schedule.title}>
        <Link {...schedulesPath(key)}>
          <Trans>Schedules</Trans>
        </Link>
      </Breadcrumb>
      <PageHeader
        title={schedule.title}
        actions={
          may('targeting:write') &&
          !isOver && (
            <>
              <Button busy={act.isPending} onClick={() => act.mutate(state === 'paused' ? 'resume' : 'pause')}>
                {state === 'paused' ? t`Resume` : t`Pause`}
              </Button>
              <Button onClick={() => setAsking(true)}>
                <Trans>Cancel schedule</Trans>
              </Button>
            </>
          )
        }
      >
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-ink-2">
          <Badge look={scheduleStateLooks[state]}>{wordOf(state)}</Badge>
          <span className="tabular-nums">{timeOf(schedule)}</span>
          {dueAt !== null && schedule.window && (
            <span className="text-ink-3 tabular-nums">
              <Trans>next {timeOf({ at: dueAt })}</Trans>
            </span>
          )}
          <span className="text-ink-3">
            <Trans>by {schedule.createdBy.name}</Trans>
          </span>
        </p>
        {reason !== null && <p className="mt-1.5 break-words text-danger-ink">{reason}</p>}
      </PageHeader>
      <Panel title={endChanges ? t`When it begins` : t`What it does`}>
        {changeRequest !== undefined && (
          <p className="px-4 py-3">
            <Trans>
              It applies{' '}
              <Link {...approvalPath(key, changeRequest)} className="text-link underline">
                a change request
              </Link>
              , if that is approved by then.
            </Trans>
          </p>
        )}
        {changes && <ChangeList project={project} changes={changes} />}
      </Panel>
      {endChanges && (
        <Panel title={t`When it ends`}>
          <ChangeList project={project} changes={endChanges} />
        </Panel>
      )}
      <Panel title={t`Runs`} note={t`What became of the times at which it was due.`}>
        <Loaded from={runs} what={t`its runs`}>
          {(items) =>
            items.length === 0 ? (
              <p className="px-4 py-3 text-ink-3 text-xs">
                <Trans>It was not due yet.</Trans>
              </p>
            ) : (
              <ul aria-label={t`Runs`}>
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
        <More from={runs} label={t`Show older runs`} />
      </Panel>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          act.mutate('cancel');
        }}
        look="danger"
        title={t`Cancel ${schedule.title}?`}
        confirmLabel={t`Cancel schedule`}
      >
        <p>
          <Trans>It does nothing any more. What it has done already stays. This cannot be undone.</Trans>
        </p>
      </ConfirmDialog>
    </Page>
  );
}
