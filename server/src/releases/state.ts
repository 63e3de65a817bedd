import type { MigrationPhase } from '../migration-plans/phase.ts';
import type { Leads } from './agreement.ts';
import type { Phase } from './phase.ts';
import type { Exposure } from './spec.ts';

/** Why a release does not go forward. */
export interface Pause {
  /** What put it there takes it away by this. */
  readonly id: string;
  readonly cause: (typeof PAUSE_CAUSES)[number];
  /** Who or what, for people. */
  readonly by: string;
  readonly reason: string;
  /** Milliseconds since 1970, UTC. */
  readonly sinceMs: number;
}

export const PAUSE_CAUSES = ['person', 'drift', 'signal', 'safeguard', 'gate', 'blame'] as const;

/** What stands instead of a stage's shares. */
export type ManualShares = Partial<Pick<Exposure, 'flagsPer100k' | 'trafficPer100k'>>;

/** A way back in equal steps: from what was set when it began to nothing. */
interface GradualReturn {
  readonly from: number;
  readonly steps: number;
  /** Steps that are taken; `steps` means that it is at baseline. */
  readonly step: number;
  readonly everySeconds: number;
  /** When the present step was seen. */
  readonly seenAtMs?: number | undefined;
}

/** Where a release is. With its spec it says what is to be exposed. */
export interface State {
  readonly phase: Phase;
  /** From 1; each retry adds one. */
  readonly attempt: number;
  /** Index of the stage that it is in, or was in last. */
  readonly stage: number;
  /** The highest stage of any attempt: a retry may begin there. */
  readonly reached: number;
  /** When this attempt began: what watches it all along looks at nothing from before. */
  readonly beganAtMs?: number | undefined;
  /** When the stage was begun, moved as the next one is: its deadline counts from the exposure, or from here while none is seen. */
  readonly sinceMs?: number | undefined;
  /** When the exposure of this stage, or of baking, was seen; moved by pauses, and by what nobody watched. Undefined: not yet. */
  readonly enteredAtMs?: number | undefined;
  /** So much of what nobody watched has been left out of the soak. */
  readonly unwatchedMs?: number | undefined;
  /** Since when someone watches it; undefined: since it began. */
  readonly watchedSinceMs?: number | undefined;
  /**
   * What was set last, or is being set: what is outside the database is wanted here before it is tried. Undefined: nothing yet,
   * of one that takes over what another has left.
   */
  readonly set?: Exposure | undefined;
  /** Where the migration was before the release. */
  readonly origin?: MigrationPhase | undefined;
  /** What a person, or blame, set instead of the stage's shares, while it is paused. */
  readonly manual?: ManualShares | undefined;
  /** Undefined: the way back is taken at once. */
  readonly back?: GradualReturn | undefined;
  /** None: it goes forward. */
  readonly pauses: readonly Pause[];
  /** Ids of pauses that a person has lifted in this stage: what put them there does not do it again. */
  readonly overruled: readonly string[];
  /** Ids of those who approved this stage. */
  readonly approvedBy: readonly string[];
  /** Ids of those who approved the release itself, before it started. */
  readonly startApprovedBy: readonly string[];
  /** What it led to when they did, or when it was scheduled. Undefined: nobody has, or an earlier version kept it. */
  readonly agreed?: Leads | undefined;
  /** Ids of those who made it what it is, besides who made it. */
  readonly editedBy?: readonly string[] | undefined;
  /** Whether it was scheduled without the approvals that were required, by who may. */
  readonly isUnapproved?: boolean | undefined;
  /** Whether it takes over what a release before it has left out. */
  readonly takesOver?: boolean | undefined;
  /** What stood in the way when the exposure was last to be set, in a sentence. Undefined: nothing. */
  readonly obstacle?: string | undefined;
  /** When it last succeeded, or ended otherwise. */
  readonly endedAtMs?: number | undefined;
}

export const FIRST_STATE: State = {
  phase: 'draft',
  attempt: 1,
  stage: 0,
  reached: 0,
  pauses: [],
  overruled: [],
  approvedBy: [],
  startApprovedBy: [],
};
