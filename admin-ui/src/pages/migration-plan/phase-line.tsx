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
  const wayTo = (phase: MigrationPhase) => (isBefore(plan.phase, phase) ? 'Go here' : 'Go back');
  return (
    <ol aria-label="Phases" className="grid gap-2 [grid-template-columns:repeat(auto-fill,minmax(7rem,1fr))]">
      {planLine(plan).map(({ phase, state, isWanted, isClosed, pointOfNoReturn }) => (
        <PhaseStep key={phase} phase={phase} state={state} isPointOfNoReturn={pointOfNoReturn !== undefined}>
          <span className="mt-auto pt-1">
            {isWanted && <span className="text-ink-2">on its way here</span>}
            {isClosed && <span className="text-ink-3">no way back</span>}
            {onGo && phase !== plan.wanted && !isClosed && (
              <button
                type="button"
                aria-label={`${wayTo(phase)}: ${migrationPhases[phase].name}`}
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
