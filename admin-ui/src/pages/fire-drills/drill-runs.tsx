import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fireDrillRunsQuery } from '../../api/fire-drills.ts';
import { killTimelineQuery } from '../../api/kills.ts';
import type { Environment, FireDrillRun } from '../../api/types.ts';
import { TimelineSteps } from '../../kills/timeline-steps-list.tsx';
import { Badge } from '../../ui/badge.tsx';
import { formatDuration, formatNumber } from '../../ui/format.ts';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

/** What the server calls the flag that drills kill. */
const drillFlag = 'bunting-fire-drill';

const looks = { running: 'plain', passed: 'muted', slow: 'danger', failed: 'danger' } as const;

/** The drills that were held, newest first: what came of each, and how long it took. */
export function DrillRuns({ project, environment }: { project: string; environment: Environment }) {
  const runs = useInfiniteQuery({
    ...fireDrillRunsQuery(project, environment.key),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(({ outcome }) => outcome === 'running')) ? 500 : 10_000,
  });
  return (
    <Panel title={t`Held`} note={t`From sending the alert to the last receipt.`}>
      <Loaded from={runs} what={t`the fire drills`}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) {
            return (
              <p className="px-4 py-3.5 text-ink-3 text-xs">
                <Trans>None was ever held in {environment.name}.</Trans>
              </p>
            );
          }
          return (
            <>
              <ul aria-label={t`Fire drills that were held`}>
                {items.map((run) => (
                  <DrillRun key={run.id} project={project} environment={environment.key} run={run} />
                ))}
              </ul>
              <More from={runs} label={t`Show older fire drills`} />
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function DrillRun({ project, environment, run }: { project: string; environment: string; run: FireDrillRun }) {
  const { startedAt, by, outcome, reason, epoch, sentToLastMs, instances, confirmed } = run;
  const [isOpen, setOpen] = useState(false);
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 text-ink-2 text-xs">
          <Badge look={looks[outcome]}>{outcome}</Badge>
          <span>
            <Trans>
              <RelativeTime at={startedAt} /> by {by.name}
            </Trans>
          </span>
        </p>
        {reason !== '' && <p className="mt-0.5 break-words text-ink-2 text-xs">{reason}</p>}
        {epoch !== null && outcome !== 'running' && (
          <details className="mt-0.5 text-ink-3 text-xs" onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary className="w-fit cursor-pointer rounded-xs hover:text-ink">
              <Trans>Step by step</Trans>
            </summary>
            {isOpen && <DrillTimeline project={project} environment={environment} epoch={epoch} />}
          </details>
        )}
      </div>
      <p className="text-xs sm:text-end">
        <span className="font-semibold text-base tabular-nums">
          {sentToLastMs !== null ? formatDuration(sentToLastMs) : outcome === 'running' ? t`under way` : t`no receipt`}
        </span>
        {instances !== null && (
          <span className="block text-ink-3 tabular-nums">
            <Trans>
              {formatNumber(confirmed ?? 0)} of {plural(instances, { one: '# instance', other: '# instances' })}
            </Trans>
          </span>
        )}
      </p>
    </li>
  );
}

function DrillTimeline({ project, environment, epoch }: { project: string; environment: string; epoch: number }) {
  const timeline = useQuery(killTimelineQuery(project, environment, drillFlag, epoch));
  return (
    <Loaded from={timeline} what={t`the way of its kill`}>
      {(found) => <TimelineSteps timeline={found} />}
    </Loaded>
  );
}
