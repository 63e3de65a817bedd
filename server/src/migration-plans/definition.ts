import type { MigrationPhase } from './phase.ts';

/** Which of a plan's databases: that of what is old, or the one that the data moves to. */
export type Side = 'old' | 'new';

/** Statements of the user's, run with the role that the plan's connection URL names. */
export interface SqlStep {
  readonly sql: string;
  readonly on?: Side;
  /** Whether it runs in a transaction, to the end or not at all. Default: unless it says `concurrently`. */
  readonly transaction?: boolean;
  /** How long it may take. Default: 60. */
  readonly timeoutSeconds?: number;
}

/**
 * One statement, run again and again: it does the rows after `:cursor`, `:limit` of them, and returns one row whose column
 * `cursor` is where it came to (null: there are no more) and, if it likes, `rows`, how many those were.
 */
export interface BackfillStep {
  readonly backfill: string;
  readonly on?: Side;
  /** The first cursor. */
  readonly from: string;
  /** A query for one number: how many rows there are in all, for progress. */
  readonly count?: string;
  /** Default: 1000. */
  readonly batchRows?: number;
  /** Of the time it works, at most; it rests for the others. 0 to 1. Default: 0.5. */
  readonly share?: number;
  /** It rests while a replica is behind by more. Default: 10. */
  readonly maxLagSeconds?: number;
  /** How long a batch may take. Default: 60. */
  readonly timeoutSeconds?: number;
}

/** A tool of the user's, called over HTTP. */
export interface WebhookStep {
  readonly webhook: string;
  /** How long until it answers that it is done. Default: 60. */
  readonly timeoutSeconds?: number;
}

/** A program in the folder that the server's settings name. */
export interface CommandStep {
  readonly command: string;
  readonly timeoutSeconds?: number;
}

export type Step = SqlStep | BackfillStep | WebhookStep | CommandStep;

/** Passes when the query returns no row, or one row with one value that is true. */
export interface SqlCheck {
  readonly sql: string;
  readonly on?: Side;
  /** It is asked again for so long before it has failed. Default: 30. */
  readonly withinSeconds?: number;
  readonly timeoutSeconds?: number;
}

/** Passes when reads by `flags.migrate` have compared enough, and differ seldom enough, since the phase was begun. */
export interface ReadsCheck {
  readonly reads: { readonly minCompared: number; readonly maxMismatchedPer100k: number };
  /** Default: 3600. */
  readonly withinSeconds?: number;
}

export type Check = SqlCheck | ReadsCheck;

export interface PhaseDefinition {
  /** What leads into the phase. */
  readonly up?: readonly Step[];
  /** What undoes `up`. */
  readonly down?: readonly Step[];
  /** What must hold before the phase is reached. */
  readonly verify?: readonly Check[];
  /** Whether one may go back from it. Default: where there is nothing to undo, or `down` does. */
  readonly isReversible?: boolean;
  /** For how long it must have been reached before the next one. Default: 0. */
  readonly bakeSeconds?: number;
}

export interface Definition {
  /** Key of the flag of kind migration that it drives. Default: none. */
  readonly flag?: string;
  /** What instances must run before rows are copied, and all the more before anything is removed. */
  readonly code?: { readonly app?: string; readonly version: string };
  /**
   * How long a read or write of the application takes at most: what was begun by one stage has ended before the plan goes on
   * from the next. Default: 5.
   */
  readonly settleSeconds?: number;
  readonly phases: Readonly<Partial<Record<MigrationPhase, PhaseDefinition>>>;
}
