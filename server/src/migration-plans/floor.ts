import type { Definition } from './definition.ts';
import { before, type MigrationPhase, PHASES } from './phase.ts';
import type { PlanState } from './state.ts';

export interface Floor {
  /** The earliest phase that one may go back to. */
  readonly phase: MigrationPhase;
  /** Why not further, in a sentence; undefined: it is the first. */
  readonly reason?: string;
}

/** How far back a plan may go from where it is, or will be when its move is done. */
export function floorOf(definition: Definition, { phase, move }: Pick<PlanState, 'phase' | 'move'>): Floor {
  // What was begun may have had its effect.
  let at = move === undefined ? phase : move.direction === 'up' ? move.phase : before(move.phase);
  for (; at !== 'baseline'; at = before(at)) {
    const reason = whyKept(definition, at);
    if (reason !== undefined) return { phase: at, reason };
  }
  return { phase: at };
}

/** The phases that cannot be left backwards once they are begun, in order, each with the reason. */
export function pointsOfNoReturn(definition: Definition): { phase: MigrationPhase; reason: string }[] {
  return PHASES.flatMap((phase) => {
    const reason = whyKept(definition, phase);
    return reason === undefined ? [] : [{ phase, reason }];
  });
}

/** Why a phase cannot be left backwards; undefined: it can. */
function whyKept({ phases }: Definition, phase: MigrationPhase): string | undefined {
  const { up = [], down = [], isReversible } = phases[phase] ?? {};
  if (phase === 'contract') return 'What was old is removed: there is no way back from contract.';
  if (isReversible === false) return `Its plan says that ${phase} cannot be undone.`;
  if (phase === 'stop_old_write' && (isReversible !== true || down.length === 0)) {
    return (
      'What was old is not written any more, so it lacks rows: only a down of stop_old_write that copies them back, and ' +
      'isReversible: true, would allow a return.'
    );
  }
  // Rows that were copied harm nobody: they are copied again.
  if (isReversible === true || phase === 'backfill' || up.length === 0 || down.length > 0) return undefined;
  return `Phase ${phase} has an up and no down. Say what undoes it, or isReversible: true where it may stay.`;
}
