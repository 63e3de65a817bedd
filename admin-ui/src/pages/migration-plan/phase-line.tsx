import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { MigrationPhase, MigrationPlan } from '../../api/types.ts';
import { PhaseStep } from '../../migrations/phase-step.tsx';
import { isBefore, planLine } from '../../migrations/plan-line.ts';
import { migrationPhases } from '../../releases/migration-phases.ts';

interface PhaseLineProps {
  plan: MigrationPlan;
  /** Absent: whoever looks may not send it anywhere. */
  onGo?: (phase: MigrationPhase) => void;
}

/** The nine phases, where the plan is among them, and where it can be sent. */
export function PhaseLine({ plan, onGo }: PhaseLineProps) {
  const wayTo = (phase: MigrationPhase) => (isBefore(plan.phase, phase) ? t`Go here` : t`Go back`);
  return (
    <ol aria-label={t`Phases`} className="grid gap-2 [grid-template-columns:repeat(auto-fill,minmax(7rem,1fr))]">
      {planLine(plan).map(({ phase, state, isWanted, isClosed, pointOfNoReturn }) => (
        <PhaseStep key={phase} phase={phase} state={state} isPointOfNoReturn={pointOfNoReturn !== undefined}>
          <span className="mt-auto pt-1">
            {isWanted && (
              <span className="text-ink-2">
                <Trans>on its way here</Trans>
              </span>
            )}
            {isClosed && (
              <span className="text-ink-3">
                <Trans>no way back</Trans>
              </span>
            )}
            {onGo && phase !== plan.wanted && !isClosed && (
              <button
                type="button"
                aria-label={`${wayTo(phase)}: ${t(migrationPhases[phase].name)}`}
                onClick={() => onGo(phase)}
                className="-mx-1 rounded-xs px-1 py-0.5 font-medium text-link hover:underline pointer-coarse:py-2"
              >
                {wayTo(phase)}
              </button>
            )}
          </span>
        </PhaseStep>
      ))}
    </ol>
  );
}
