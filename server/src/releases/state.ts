import type { Phase } from './phase.ts';

/** Why a release does not go forward. */
export interface Pause {
  /** What put it there takes it away by this. */
  readonly id: string;
  readonly cause: 'person' | 'drift' | 'signal' | 'safeguard';
  /** Who or what, for people. */
  readonly by: string;
  readonly reason: string;
  /** Milliseconds since 1970, UTC. */
  readonly sinceMs: number;
}

/** Where a release is. With its spec it says what is to be exposed. */
export interface State {
  readonly phase: Phase;
  /** From 1; each retry adds one. */
  readonly attempt: number;
  /** Index of the stage that it is in, or was in last. */
  readonly stage: number;
  /** When the exposure of this stage, or of baking, was seen; moved by pauses. Undefined: not yet. */
  readonly enteredAtMs?: number | undefined;
  /** The weight that was set last, in 1/100 000. */
  readonly setPer100k: number;
  /** What a person set instead of the stage's weight, while it is paused. */
  readonly manualPer100k?: number | undefined;
  /** None: it goes forward. */
  readonly pauses: readonly Pause[];
  /** Ids of those who approved this stage. */
  readonly approvedBy: readonly string[];
  /** Ids of those who approved the release itself, before it started. */
  readonly startApprovedBy: readonly string[];
  /** What stood in the way when the exposure was last to be set, in a sentence. Undefined: nothing. */
  readonly obstacle?: string | undefined;
  /** When it last succeeded, or ended otherwise. */
  readonly endedAtMs?: number | undefined;
}

export const FIRST_STATE: State = {
  phase: 'draft',
  attempt: 1,
  stage: 0,
  setPer100k: 0,
  pauses: [],
  approvedBy: [],
  startApprovedBy: [],
};
