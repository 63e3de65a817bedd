/** Where a release is on its way. Paused is none: see `Pause`. docs/decisions/0032 has the table in words. */
export type Phase = keyof typeof MOVES;

/** What may become of a release; which of it when, the table says. */
export type Move =
  | 'start'
  | 'schedule'
  | 'cancel'
  /** Of preflight. */
  | 'passed'
  | 'refused'
  /** All stages are done. */
  | 'promote'
  /** The last exposure is what is seen. */
  | 'bake'
  | 'baked'
  | 'abort'
  | 'rollback'
  /** Nothing of the release is exposed any more. */
  | 'returned'
  /** A migration has closed the way back. */
  | 'block'
  | 'unblock'
  /** What is out stays: of one that is blocked, or cannot go on with its way back, by a person. */
  | 'accept'
  /** A newer release takes its targets, and what is out, over. */
  | 'supersede'
  | 'retry';

const MOVES = {
  draft: { start: 'preflight', schedule: 'scheduled', cancel: 'cancelled' },
  scheduled: { start: 'preflight', cancel: 'cancelled' },
  preflight: { passed: 'progressing', refused: 'failed', abort: 'aborting' },
  progressing: { promote: 'promoting', abort: 'aborting', supersede: 'superseded' },
  promoting: { bake: 'baking', rollback: 'rolling_back', supersede: 'superseded' },
  baking: { baked: 'succeeded', rollback: 'rolling_back', supersede: 'superseded' },
  succeeded: { rollback: 'rolling_back' },
  aborting: { returned: 'aborted', block: 'blocked', accept: 'superseded' },
  rolling_back: { returned: 'rolled_back', block: 'blocked', accept: 'superseded' },
  blocked: { unblock: 'rolling_back', accept: 'superseded' },
  aborted: { retry: 'preflight' },
  failed: { retry: 'preflight' },
  cancelled: {},
  rolled_back: {},
  superseded: {},
} as const satisfies Readonly<Record<string, Readonly<Partial<Record<Move, string>>>>>;

const TABLE: Readonly<Record<Phase, Readonly<Partial<Record<Move, Phase>>>>> = MOVES;

export const PHASES = Object.keys(MOVES) as readonly Phase[];

/** Where a move leads to; undefined: nowhere from here. */
export function afterMove(phase: Phase, move: Move): Phase | undefined {
  return TABLE[phase][move];
}

/** In these a release holds its targets: another one on them cannot start. */
export const ACTIVE: readonly Phase[] = [
  'preflight',
  'progressing',
  'promoting',
  'baking',
  'aborting',
  'rolling_back',
  'blocked',
];

/** In these it leads forward, and may be paused. */
export const FORWARD: readonly Phase[] = ['progressing', 'promoting', 'baking'];

/** In these it leads back to what was before it. */
export const BACKWARD: readonly Phase[] = ['aborting', 'rolling_back'];

/** In these nothing happens any more unless a person wants it. */
export const ENDED: readonly Phase[] = ['succeeded', 'aborted', 'failed', 'cancelled', 'rolled_back', 'superseded'];

/** In these it may begin: it is approved as a whole. */
export const BEFORE_START: readonly Phase[] = ['draft', 'scheduled', 'aborted', 'failed'];
