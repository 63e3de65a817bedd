import type { MigrationPhase } from '../migration-plans/phase.ts';
import type { TrafficDesired } from '../traffic/traffic-target.ts';
import { afterMove, BACKWARD, FORWARD, type Move } from './phase.ts';
import type { State } from './state.ts';

/** What is to be done about a release now. One step: after it, it is looked at again. */
export interface Next {
  readonly state: State;
  /** The share of the flags' candidates to set with the state. */
  readonly setFlagsPer100k?: number;
  /** Where the migration plan is to be sent, with the state. */
  readonly wantPhase?: MigrationPhase;
  /** What the traffic target is to be set to. The state that says so is kept already: there is nothing else in this step. */
  readonly setTraffic?: TrafficDesired;
  /** What happened, in a sentence; undefined: nothing. */
  readonly decision?: string;
  /** Why it does not go on, in sentences; empty: it just has. */
  readonly waiting: readonly string[];
}

/** @throws {Error} when the phase has no such move: whoever calls must have looked */
export function move(state: State, name: Move, nowMs: number, decision: string): Next {
  const phase = afterMove(state.phase, name);
  if (phase === undefined) throw new Error(`a release that is ${state.phase} has no move ${name}`);
  const isForward = FORWARD.includes(phase);
  return {
    state: {
      ...state,
      phase,
      approvedBy: [],
      overruled: [],
      sinceMs: nowMs,
      enteredAtMs: undefined,
      manual: undefined,
      back: undefined,
      pauses: isForward ? state.pauses : [],
      ...(isForward || BACKWARD.includes(phase) || phase === 'blocked' ? {} : { endedAtMs: nowMs }),
    },
    decision,
    waiting: [],
  };
}

/** The way back from wherever it is; there is none where nothing is to be taken back. */
export function undo(state: State, nowMs: number, reason: string): Next {
  if (afterMove(state.phase, 'abort') !== undefined) return move(state, 'abort', nowMs, reason);
  if (afterMove(state.phase, 'rollback') !== undefined) return move(state, 'rollback', nowMs, reason);
  return { state, waiting: [] };
}
