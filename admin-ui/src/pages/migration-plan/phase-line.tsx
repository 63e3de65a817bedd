import { Check } from 'lucide-react';
import type { MigrationPhase, MigrationPlan } from '../../api/types.ts';
import { isBefore, planLine } from '../../migrations/plan-line.ts';
import { migrationPhases } from '../../releases/migration-phases.ts';
import { classNames } from '../../ui/class-names.ts';

interface PhaseLineProps {
  plan: MigrationPlan;
  /** Absent: whoever looks may not send it anywhere. */
  onGo?: (phase: MigrationPhase) => void;
}

const spoken = { done: 'done', now: 'now', ahead: 'ahead' } as const;

/** The nine phases, where the plan is among them, and where it can be sent. */
export function PhaseLine({ plan, onGo }: PhaseLineProps) {
  const wayTo = (phase: MigrationPhase) => (isBefore(plan.phase, phase) ? 'Go here' : 'Go back');
  return (
    <ol aria-label="Phases" className="grid gap-2 [grid-template-columns:repeat(auto-fill,minmax(7rem,1fr))]">
      {planLine(plan).map(({ phase, state, isWanted, isClosed, pointOfNoReturn }) => (
        <li
          key={phase}
          aria-current={state === 'now' ? 'step' : undefined}
          className={classNames(
            'flex flex-col rounded-sm border px-2.5 py-2 text-xs',
            state === 'now' ? 'border-link bg-raised shadow-control' : 'border-line',
            state === 'ahead' && 'bg-sunken',
            pointOfNoReturn !== undefined && 'border-s-4 border-s-danger',
          )}
        >
          <p className={classNames('flex items-center gap-1.5 font-semibold', state === 'ahead' && 'text-ink-2')}>
            {migrationPhases[phase].name}
            {state === 'done' && <Check className="size-3.5 text-live-ink" aria-hidden />}
            <span className="sr-only">, {spoken[state]}</span>
          </p>
          <span className="text-ink-3">{migrationPhases[phase].means}</span>
          {pointOfNoReturn !== undefined && <span className="text-danger-ink">point of no return</span>}
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
        </li>
      ))}
    </ol>
  );
}
