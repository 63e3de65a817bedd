import type { MigrationPhase } from './phase.ts';

/** Which of a plan's databases: that of what is old, or the one that the data moves to. */
export type Side = 'old' | 'new';

/** Statements of the user's, run with the role that the plan's connection URL names. */
export interface SqlStep {
  readonly sql: string;
  readonly on?: Side;
  /** Whether it runs in a transaction, to the end or not at all. Default: unless it says `concurrently`. */
  readonly transaction?: boolean;
  /** A query that returns a row where the step is done already: for what cannot be done twice, outside a transaction. */
  readonly unless?: string;
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

/** Something that must hold before the next step. */
export interface CheckStep {
  readonly check: SqlCheck | SameCheck;
}

/** Brings the sequences that belong to these tables to where they are on the other side. */
interface SequencesStep {
  readonly sequencesOf: readonly string[];
  readonly from: Side;
}

export type Step = SqlStep | BackfillStep | WebhookStep | CommandStep | CheckStep | SequencesStep;

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

/** Passes when the query has the same answer in both databases. */
export interface SameCheck {
  readonly same: string;
  /** Default: 30. */
  readonly withinSeconds?: number;
  readonly timeoutSeconds?: number;
}

export type Check = SqlCheck | ReadsCheck | SameCheck;

/** Tables that move to another database by logical replication, PostgreSQL 16 or later on both sides. */
export interface Replication {
  /** Such as `public.orders`; they are there on both sides, with a primary key. */
  readonly tables: readonly string[];
  /** The variants of the flag by which the application takes the old and the new database. */
  readonly variants: { readonly old: string; readonly new: string };
  /** How many bytes the new side may be behind before writes are stopped for the switch. Default: 1 000 000. */
  readonly maxLagBytes?: number;
  /** How long writes may be stopped: if it takes longer they go on as before. Default: 30. */
  readonly maxPauseSeconds?: number;
}

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
  /** Whether a plan that fails on the way to it goes back by itself. Default: it waits for someone. */
  readonly returnsOnFailure?: boolean;
}

export interface Definition {
  /** Key of the flag that it drives: of kind migration, unless tables are replicated. Default: none. */
  readonly flag?: string;
  /** What instances must run before rows are copied, and all the more before anything is removed. */
  readonly code?: { readonly app?: string; readonly version: string };
  /**
   * How long a read or write of the application takes at most: what was begun by one stage has ended before the plan goes on
   * from the next. Default: 5.
   */
  readonly settleSeconds?: number;
  readonly replication?: Replication;
  readonly phases: Readonly<Partial<Record<MigrationPhase, PhaseDefinition>>>;
}
