import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { Hourglass } from 'lucide-react';
import type { MigrationPhase, MigrationPlan } from '../../api/types.ts';
import { isBefore } from '../../migrations/plan-line.ts';
import { RowsCopied } from '../../migrations/rows-copied.tsx';
import { releasePath } from '../../paths.ts';
import { migrationPhases } from '../../releases/migration-phases.ts';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { PhaseLine } from './phase-line.tsx';

interface PlanStandingProps {
  project: string;
  plan: MigrationPlan;
  /** Absent: whoever looks may not send it anywhere. */
  onGo?: (phase: MigrationPhase) => void;
}

/** Where a plan is, why it does not go on, and how far back it may. */
export function PlanStanding({ project, plan, onGo }: PlanStandingProps) {
  const { phase, enteredAt, wanted, isMoving, problem, waiting, progress, floor, floorReason, release } = plan;
  const nameOf = (one: MigrationPhase) => t(migrationPhases[one].name);
  const ahead = plan.pointsOfNoReturn.filter((point) => isBefore(floor, point.phase));
  return (
    <Panel
      title={t`Phases`}
      note={
        isMoving ? (
          <Trans>
            On its way to {nameOf(wanted)}; in {nameOf(phase)} since <RelativeTime at={enteredAt} />.
          </Trans>
        ) : (
          <Trans>
            In {nameOf(phase)} since <RelativeTime at={enteredAt} />.
          </Trans>
        )
      }
    >
      <div className="flex flex-col gap-3 px-4 py-3">
        {release && (
          <p className="min-w-0 break-words">
            <Trans>
              Release{' '}
              <Link {...releasePath(project, release.id)} className="rounded-xs text-link underline">
                {release.title}
              </Link>{' '}
              moves it: steer that. By hand it can only be stopped meanwhile.
            </Trans>
          </p>
        )}
        {problem !== null && <Notice title={t`It waits for a person`}>{problem}</Notice>}
        <PhaseLine plan={plan} {...(onGo && { onGo })} />
        {waiting
          .filter((sentence) => sentence !== problem)
          .map((sentence) => (
            <p key={sentence} role="status" className="flex gap-2 text-ink-2">
              <Hourglass className="mt-0.5 size-4 shrink-0 text-ink-3" aria-hidden />
              <span className="min-w-0 break-words tabular-nums">{sentence}</span>
            </p>
          ))}
        {progress && <RowsCopied {...progress} />}
        {floorReason !== null && (
          <p className="break-words text-danger-ink">
            <Trans>
              No way back before {nameOf(floor)}: {floorReason}
            </Trans>
          </p>
        )}
        {ahead.length > 0 && (
          <ul aria-label={t`Where the ways back end`} className="flex flex-col gap-0.5 text-ink-2 text-xs">
            {ahead.map((point) => (
              <li key={point.phase} className="break-words">
                <Trans>
                  No way back once <span className="font-semibold">{nameOf(point.phase)}</span> is begun: {point.reason}
                </Trans>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}
