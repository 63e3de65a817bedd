import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { MoveLeft, MoveRight } from 'lucide-react';
import type { MigrationPlan, MigrationPreview } from '../../api/types.ts';
import { migrationPhases } from '../../releases/migration-phases.ts';

interface PreviewedMovesProps {
  moves: MigrationPreview['moves'];
  pointsOfNoReturn: MigrationPlan['pointsOfNoReturn'];
}

/** What going to a phase would do, phase by phase, action by action. */
export function PreviewedMoves({ moves, pointsOfNoReturn }: PreviewedMovesProps) {
  if (moves.length === 0)
    return (
      <p>
        <Trans>It turns round where it is, and takes back what it has begun.</Trans>
      </p>
    );
  return (
    <ol aria-label={t`What it would do`} className="flex max-h-96 flex-col gap-3 overflow-y-auto">
      {moves.map(({ phase, direction, actions }) => {
        const point = direction === 'up' ? pointsOfNoReturn.find((one) => one.phase === phase) : undefined;
        const Sign = direction === 'up' ? MoveRight : MoveLeft;
        return (
          <li key={phase} className="min-w-0">
            <p className="flex items-center gap-1.5 font-medium">
              <Sign className="size-3.5 shrink-0 text-ink-3" aria-hidden />
              {direction === 'up' ? t`Into` : t`Out of`} {t(migrationPhases[phase].name)}
            </p>
            {point && (
              <p className="ms-5 break-words text-danger-ink text-xs">
                <Trans>No way back from here: {point.reason}</Trans>
              </p>
            )}
            {actions.length === 0 ? (
              <p className="ms-5 text-ink-3 text-xs">
                <Trans>There is nothing to do.</Trans>
              </p>
            ) : (
              <ol className="ms-5 flex list-decimal flex-col gap-0.5 ps-4 text-ink-2 text-xs">
                {actions.map((action, at) => (
                  <li key={at} className="break-words">
                    {action}
                  </li>
                ))}
              </ol>
            )}
          </li>
        );
      })}
    </ol>
  );
}
