import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { MigrationPlan } from '../../api/types.ts';
import { RowsCopied } from '../../migrations/rows-copied.tsx';
import { migrationPlanPath } from '../../paths.ts';
import { InRelease } from '../../releases/in-release.tsx';
import { migrationPhaseNames, migrationPhases } from '../../releases/migration-phases.ts';
import { Badge } from '../../ui/badge.tsx';
import { classNames } from '../../ui/class-names.ts';

interface PlanRowProps {
  project: string;
  environment: string;
  plan: MigrationPlan;
}

/** One plan in the list: how far it is, where it goes, and what moves it. */
export function PlanRow({ project, environment, plan }: PlanRowProps) {
  const { key, name, phase, wanted, isMoving, problem, pause, progress, release } = plan;
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b px-4 py-2.5 last:border-b-0 hover:bg-hover">
      <div className="flex min-w-0 flex-1 basis-64 flex-col">
        <Link
          {...migrationPlanPath(project, environment, key)}
          className="truncate font-medium font-mono -outline-offset-2 after:absolute after:inset-0"
        >
          {key}
        </Link>
        <span className="truncate text-ink-3 text-xs">{name}</span>
      </div>
      {release && <InRelease project={project} release={release} />}
      {problem !== null && (
        <Badge look="danger">
          <Trans>waits for a person</Trans>
        </Badge>
      )}
      {pause !== null && (
        <Badge look="danger">
          <Trans>paused</Trans>
        </Badge>
      )}
      {progress && (
        <span className="w-52">
          <RowsCopied {...progress} />
        </span>
      )}
      <span className="flex w-60 flex-col gap-1 text-xs">
        <span>
          {isMoving
            ? t`${t(migrationPhases[phase].name)} to ${t(migrationPhases[wanted].name)}`
            : t(migrationPhases[phase].name)}
        </span>
        <PhaseTicks at={migrationPhaseNames.indexOf(phase)} />
      </span>
    </li>
  );
}

/** How many of the phases are behind it: the words beside it say which. */
function PhaseTicks({ at }: { at: number }) {
  return (
    <span aria-hidden className="flex gap-0.5">
      {migrationPhaseNames.slice(1).map((phase, index) => (
        <span key={phase} className={classNames('h-1.5 flex-1 rounded-full', index < at ? 'bg-series-2' : 'bg-line')} />
      ))}
    </span>
  );
}
