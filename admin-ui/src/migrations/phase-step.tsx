import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MigrationPhase } from '../api/types.ts';
import { migrationPhases } from '../releases/migration-phases.ts';
import { classNames } from '../ui/class-names.ts';
import { wordOf } from '../ui/code-words.ts';

interface PhaseStepProps {
  phase: MigrationPhase;
  /** Where the plan is, seen from this phase. */
  state: 'done' | 'now' | 'ahead';
  isPointOfNoReturn: boolean;
  /** Beside its name. */
  aside?: ReactNode;
  children?: ReactNode;
}

/** A phase in a line of phases. */
export function PhaseStep({ phase, state, isPointOfNoReturn, aside, children }: PhaseStepProps) {
  const { name, means } = migrationPhases[phase];
  return (
    <li
      aria-current={state === 'now' ? 'step' : undefined}
      className={classNames(
        'flex flex-col rounded-sm border px-2.5 py-2 text-xs',
        state === 'now' ? 'border-link bg-raised shadow-control' : 'border-line',
        state === 'ahead' && 'bg-sunken',
        isPointOfNoReturn && 'border-s-4 border-s-danger',
      )}
    >
      <p className={classNames('flex items-center gap-1.5 font-semibold', state === 'ahead' && 'text-ink-2')}>
        {t(name)}
        {state === 'done' && <Check className="size-3.5 text-live-ink" aria-hidden />}
        <span className="sr-only">, {wordOf(state)}</span>
        {aside}
      </p>
      <span className="text-ink-3">{t(means)}</span>
      {isPointOfNoReturn && (
        <span className="text-danger-ink">
          <Trans>point of no return</Trans>
        </span>
      )}
      {children}
    </li>
  );
}
