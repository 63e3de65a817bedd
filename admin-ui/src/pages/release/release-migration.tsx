import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Hourglass } from 'lucide-react';
import { migrationPlanQuery } from '../../api/releases.ts';
import type { MigrationPlan, Release } from '../../api/types.ts';
import { PhaseStep } from '../../migrations/phase-step.tsx';
import { RowsCopied } from '../../migrations/rows-copied.tsx';
import { migrationPlanPath } from '../../paths.ts';
import { migrationPhases, phasesOfPlan } from '../../releases/migration-phases.ts';
import { isMoving } from '../../releases/phase.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';

interface ReleaseMigrationProps {
  project: string;
  release: Release;
  plan: string;
}

const movingMs = 1_000;
const stillMs = 10_000;

/** Where the migration of a release is, phase by phase, how far back it may go, and why it does not go on. */
export function ReleaseMigration({ project, release, plan: key }: ReleaseMigrationProps) {
  const { data: plan, error } = useQuery({
    ...migrationPlanQuery(project, release.environment, key),
    refetchInterval: ({ state }) => (isMoving(release) || state.data?.isMoving ? movingMs : stillMs),
  });
  return (
    <Panel
      title={t`Migration`}
      note={
        <>
          {plan && plan.name !== key && `${plan.name}, `}
          <Link
            {...migrationPlanPath(project, release.environment, key)}
            className="rounded-xs underline hover:text-ink"
          >
            {key}
          </Link>
        </>
      }
    >
      <div className="flex flex-col gap-3 px-4 py-3">
        {error && (
          <Notice title={t`How the migration stands is not known`}>
            <Failure error={error} />
          </Notice>
        )}
        {plan?.problem && <Notice title={t`The migration waits for a person`}>{plan.problem}</Notice>}
        {plan && <PhaseLine release={release} plan={plan} />}
        {plan?.waiting.map((sentence) => (
          <p key={sentence} className="flex gap-2 text-ink-2">
            <Hourglass className="mt-0.5 size-4 shrink-0 text-ink-3" aria-hidden />
            <span className="min-w-0 break-words tabular-nums">{sentence}</span>
          </p>
        ))}
        {plan?.progress && <RowsCopied {...plan.progress} />}
        {plan && plan.floorReason !== null && (
          <p className="break-words text-danger-ink">
            <Trans>
              No way back before {t(migrationPhases[plan.floor].name)}: {plan.floorReason}
            </Trans>
          </p>
        )}
      </div>
    </Panel>
  );
}

function PhaseLine({ release, plan }: { release: Release; plan: MigrationPlan }) {
  return (
    <ol
      aria-label={t`Phases of the migration`}
      className="grid gap-2 [grid-template-columns:repeat(auto-fill,minmax(8rem,1fr))]"
    >
      {phasesOfPlan(release, plan).map(({ phase, state, isWanted, stage, pointOfNoReturn }) => (
        <PhaseStep
          key={phase}
          phase={phase}
          state={state}
          isPointOfNoReturn={pointOfNoReturn !== undefined}
          aside={
            isWanted && (
              <span className="ms-auto font-normal text-ink-3">
                <Trans>on its way here</Trans>
              </span>
            )
          }
        >
          {stage !== undefined && (
            <span className="text-ink-3">
              <Trans>by stage {stage + 1}</Trans>
            </span>
          )}
        </PhaseStep>
      ))}
    </ol>
  );
}
