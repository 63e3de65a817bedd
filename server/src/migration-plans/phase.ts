import type { Stage } from '../flags/migration-stages.ts';

/**
 * The phases of a database migration, in order, each with the stage that its flag serves then: what code that asks
 * `flags.migrate` reads and writes. Neighbours in this list serve neighbouring stages, so instances are never two apart.
 */
const STAGE_OF = {
  /** Nothing is begun. */
  baseline: 'off',
  /** What is new stands beside what is old; nothing uses it. */
  expand: 'off',
  dual_write: 'dualWrite',
  /** What was there before is copied. */
  backfill: 'dualWrite',
  /** Both are read and compared; what is old answers. */
  shadow_read: 'shadow',
  /** Both are read and compared; what is new answers. */
  read_new: 'live',
  /** What is old is only written. */
  read_only_new: 'rampDown',
  stop_old_write: 'complete',
  /** What is old is removed. */
  contract: 'complete',
} as const satisfies Readonly<Record<string, Stage>>;

export type MigrationPhase = keyof typeof STAGE_OF;

export const PHASES = Object.keys(STAGE_OF) as readonly MigrationPhase[];

export function stageOf(phase: MigrationPhase): Stage {
  return STAGE_OF[phase];
}

/** Below 0: `a` comes before `b`. */
export function comparePhases(a: MigrationPhase, b: MigrationPhase): number {
  return PHASES.indexOf(a) - PHASES.indexOf(b);
}

/** The phase next to one, on the way to another; undefined: it is there. */
export function neighbour(phase: MigrationPhase, towards: MigrationPhase): MigrationPhase | undefined {
  if (phase === towards) return undefined;
  return PHASES[PHASES.indexOf(phase) + Math.sign(comparePhases(towards, phase))];
}

/** The one before it; of the first, itself. */
export function before(phase: MigrationPhase): MigrationPhase {
  return PHASES[Math.max(0, PHASES.indexOf(phase) - 1)] ?? phase;
}
