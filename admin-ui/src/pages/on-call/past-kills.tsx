import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { killTimelinesQuery } from '../../api/kills.ts';
import type { Environment, KillTimeline, Project } from '../../api/types.ts';
import { EnvironmentSelect } from '../../environments/environment-select.tsx';
import { timeToKill } from '../../kills/timeline-steps.ts';
import { TimelineSteps } from '../../kills/timeline-steps-list.tsx';
import { flagPath } from '../../paths.ts';
import { formatDuration, formatNumber } from '../../ui/format.ts';
import { Loaded, More } from '../../ui/loaded.tsx';
import { OutsideLink } from '../../ui/outside-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

interface PastKillsProps {
  project: Project;
  environment: Environment;
  onEnvironment: (key: string) => void;
}

/** The kills of an environment, newest first, each with its time to kill, step by step. */
export function PastKills({ project, environment, onEnvironment }: PastKillsProps) {
  const timelines = useInfiniteQuery({
    ...killTimelinesQuery(project.key, environment.key),
    // Receipts of a kill that is under way still come in.
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(({ complete }) => !complete)) ? 1_000 : 10_000,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  return (
    <Panel
      title={t`Time to kill`}
      note={t`From what made it to the last receipt.`}
      actions={
        <EnvironmentSelect environments={project.environments} value={environment.key} onChange={onEnvironment} />
      }
    >
      <Loaded from={timelines} what={t`the past kills`}>
        {(items) =>
          items.length === 0 ? (
            <p className="px-4 py-3.5 text-ink-3 text-xs">
              <Trans>No flag was ever killed in {environment.name}.</Trans>
            </p>
          ) : (
            <ul aria-label={t`Past kills`}>
              {items.map((timeline) => (
                <PastKill key={`${timeline.flag} ${timeline.epoch}`} project={project.key} timeline={timeline} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <More from={timelines} label={t`Show older kills`} />
    </Panel>
  );
}

function PastKill({ project, timeline }: { project: string; timeline: KillTimeline }) {
  const { flag, by, reason, cause, engagedAt, receipts } = timeline;
  const figure = timeToKill(timeline);
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-64">
        <Link
          {...flagPath(project, flag)}
          className="block w-fit max-w-full truncate font-medium font-mono hover:underline"
        >
          {flag}
        </Link>
        <p className="break-words text-ink-2 text-xs">
          <Trans>
            <RelativeTime at={engagedAt} /> by {by.name}: {cause?.summary ?? reason}{' '}
            <OutsideLink href={cause?.link}>source</OutsideLink>
          </Trans>
        </p>
        <details className="mt-0.5 text-ink-3 text-xs">
          <summary className="w-fit cursor-pointer rounded-xs hover:text-ink">
            <Trans>Step by step</Trans>
          </summary>
          <TimelineSteps timeline={timeline} />
        </details>
      </div>
      <p className="text-xs sm:text-end">
        <span className="font-semibold text-base tabular-nums">
          {figure ? formatDuration(figure.ms) : timeline.complete ? t`no receipt` : t`under way`}
        </span>
        {figure && <span className="block text-ink-3">{figure.since}</span>}
        {receipts && (
          <span className="block text-ink-3 tabular-nums">
            {t`${formatNumber(receipts.confirmed)} of ${plural(receipts.instances, { one: '# instance', other: '# instances' })}`}
            {receipts.unknown > 0 && `, ${t`${formatNumber(receipts.unknown)} unknown`}`}
          </span>
        )}
      </p>
    </li>
  );
}
