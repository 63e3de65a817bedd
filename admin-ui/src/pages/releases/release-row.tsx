import { t } from '@lingui/core/macro';
import { Link } from '@tanstack/react-router';
import type { Project, Release } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { formatPercent } from '../../flags/weights.ts';
import { releasePath } from '../../paths.ts';
import { describeExposure } from '../../releases/describe-exposure.ts';
import { isMoving } from '../../releases/phase.ts';
import { PhaseBadge } from '../../releases/phase-badge.tsx';
import { describeMoved, isOfFlagsAlone, strategyNames } from '../../releases/strategy.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';

/** A release in a list: what it moves, where it stands, how much of it is out. */
export function ReleaseRow({ project, release }: { project: Project; release: Release }) {
  const environment = project.environments.find(({ key }) => key === release.environment);
  const share = release.flags[0]?.weightPer100k;
  return (
    <li className="relative flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2.5 last:border-b-0 hover:bg-hover lg:grid lg:grid-cols-[minmax(0,1fr)_10rem_8.5rem_6rem_9rem_5.5rem]">
      <div className="min-w-0 max-lg:w-full">
        <Link
          {...releasePath(project.key, release.id)}
          className="block truncate font-medium after:absolute after:inset-0"
          title={release.title}
        >
          {release.title}
        </Link>
        <p className="truncate text-ink-3 text-xs">
          {t(strategyNames[release.strategy])}: <span className="font-mono">{describeMoved(release)}</span>
        </p>
      </div>
      <span className="flex min-w-0">
        {environment ? <EnvironmentName environment={environment} /> : release.environment}
      </span>
      <span className="flex min-w-0">
        <PhaseBadge release={release} />
      </span>
      <span className="text-ink-2 text-xs tabular-nums max-lg:empty:hidden">
        {isMoving(release) && t`stage ${release.stage + 1} of ${release.stages.length}`}
      </span>
      <span
        className="text-ink-2 text-xs tabular-nums max-lg:empty:hidden lg:text-end"
        title={t`What of the candidate is out`}
      >
        {isOfFlagsAlone(release)
          ? typeof share === 'number' && formatPercent(share)
          : release.set && describeExposure(release.set)}
      </span>
      <span className="text-ink-3 text-xs max-lg:ms-auto lg:text-end">
        <RelativeTime at={release.updatedAt} />
      </span>
    </li>
  );
}
