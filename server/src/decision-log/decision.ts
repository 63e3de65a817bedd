import type { Actor } from '../audit/actor.ts';
import type { Command } from '../releases/command.ts';
import type { Facts } from '../releases/facts.ts';
import type { State } from '../releases/state.ts';

/**
 * The number of the machine (`next`, `obey`, `advanceRun` of gates, and all that they call). It rises when the same spec, state and facts may lead to
 * something else than before, a word in a sentence included: decisions are made again by the machine of the same number only.
 */
export const MACHINE = 9;

/** What a decision rests on besides its facts. */
export interface Basis {
  readonly machine: number;
  /** The state before it. */
  readonly before: State;
  /** What someone wanted; undefined: the release went on by itself. */
  readonly command?: Command | undefined;
}

/** A decision with all that it was made of, and all that it led to. */
export interface LoggedDecision {
  readonly id: string;
  /** Milliseconds since 1970, UTC. */
  readonly atMs: number;
  readonly by: Actor;
  /** Null: made before bases were kept. */
  readonly basis: Basis | null;
  readonly facts: Facts;
  /** The state that it led to. */
  readonly after: State;
  /** In a sentence. */
  readonly decision: string;
}
