import type { MigrationPhase } from './phase.ts';

/** On the way between two neighbours. */
export interface Move {
  /** What is done under this id is done once; a new try of a move has a new one. */
  readonly id: string;
  readonly direction: 'up' | 'down';
  /** Whose steps are done: forward, the phase that it leads to; back, the one that it leaves. */
  readonly phase: MigrationPhase;
  /** How many of its actions are done. */
  readonly done: number;
  /** How often the present one was tried, and could not be done for a reason that passes. */
  readonly tries: number;
  /** Since when the present one is tried, and when the move began; milliseconds since 1970, UTC. */
  readonly sinceMs: number;
  readonly beganMs: number;
  /** Adds one each time that someone has it tried again. */
  readonly attempt: number;
}

/** Where a plan is, and where it is to go. */
export interface PlanState {
  /** The last that was reached whole. */
  readonly phase: MigrationPhase;
  /** When; milliseconds since 1970, UTC. */
  readonly enteredAtMs: number;
  readonly wanted: MigrationPhase;
  readonly move?: Move | undefined;
  /** Why it does not go on until someone says so. */
  readonly failure?: { readonly reason: string; readonly atMs: number } | undefined;
  readonly pause?: { readonly by: string; readonly reason: string; readonly atMs: number } | undefined;
  /** Why it goes back by itself. */
  readonly returning?: string | undefined;
  /** What the present action waits for, as it said last. */
  readonly waiting?: string | undefined;
}

export function firstState(nowMs: number): PlanState {
  return { phase: 'baseline', enteredAtMs: nowMs, wanted: 'baseline' };
}
