import { PHASES } from '../../migration-plans/phase.ts';
import type { GateOf } from '../gate.ts';
import type { GateKind } from './gate-kind.ts';

/** Where a migration is. */
export type MigrationState = {
  readonly phase: string;
  readonly isMoving: boolean;
  /** Rows of the backfill; absent: there is none, or it has not begun. */
  readonly progress?: { readonly done: number; readonly total: number | null };
  readonly problem?: string;
};

/** It waits and never fails: what is wrong with a migration stops the migration, and what differs is for `mismatches`. */
export const migration: GateKind<GateOf<'migration'>, MigrationState, MigrationState | null> = {
  begin: () => null,
  take: (_, __, state) => state,
  miss: () => null,
  find({ phase, maxRowsLeft = 0 }, state) {
    if (state === null) return { verdict: 'inconclusive', reason: 'It is not known where the migration is.' };
    const waits = (reason: string) => ({ verdict: 'running', reason }) as const;
    if (state.problem !== undefined) return waits(`The migration has stopped: ${state.problem}`);
    if (state.isMoving) return waits(`The migration is on its way to ${state.phase}.`);
    if (phase !== undefined && orderOf(state.phase) < orderOf(phase)) {
      return waits(`The migration is in ${state.phase}, and has to come to ${phase}.`);
    }
    const { done, total } = state.progress ?? { done: 0, total: 0 };
    // Nobody counted them: a phase that rests has ended what it had to do.
    const left = (total ?? done) - done;
    if (left > maxRowsLeft) return waits(`${left} of ${total} rows are left; at most ${maxRowsLeft} may be.`);
    const reason = `The migration rests in ${state.phase}; ${done} rows are done, ${left} left.`;
    return { verdict: 'successful', reason };
  },
};

/** -1: none that is known here, which is before all others. */
function orderOf(phase: string): number {
  return (PHASES as readonly string[]).indexOf(phase);
}
