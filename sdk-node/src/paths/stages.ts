/** The two stores that a migration leads from and to. */
export type Side = 'old' | 'new';

/** The stages of a migration, in order. A change leads to a neighbour only. */
export type MigrationStage = 'off' | 'dualWrite' | 'shadow' | 'live' | 'rampDown' | 'complete';

/** Who answers a read or takes a write first, and who comes second, if anyone. */
interface Order {
  readonly first: Side;
  readonly second?: Side;
}

/** Neighbouring stages always agree so far that each reads what the other writes. */
export const STAGES: Readonly<Record<MigrationStage, { readonly read: Order; readonly write: Order }>> = {
  /** The old store alone. */
  off: { read: { first: 'old' }, write: { first: 'old' } },
  /** Also written to the new one. */
  dualWrite: { read: { first: 'old' }, write: { first: 'old', second: 'new' } },
  /** Also read from the new one, and compared. */
  shadow: { read: { first: 'old', second: 'new' }, write: { first: 'old', second: 'new' } },
  /** The new one answers; the old one is compared. */
  live: { read: { first: 'new', second: 'old' }, write: { first: 'new', second: 'old' } },
  /** Read from the new one alone; still written to both, so that there is a way back. */
  rampDown: { read: { first: 'new' }, write: { first: 'new', second: 'old' } },
  /** The new store alone. */
  complete: { read: { first: 'new' }, write: { first: 'new' } },
};

export function isStage(value: unknown): value is MigrationStage {
  return typeof value === 'string' && Object.hasOwn(STAGES, value);
}

/** The stages that write both sides, whichever is first: right beside any other stage's. */
export type SafeStage = 'dualWrite' | 'shadow' | 'live' | 'rampDown';

export function isSafeStage(value: unknown): value is SafeStage {
  return isStage(value) && STAGES[value].write.second !== undefined;
}
