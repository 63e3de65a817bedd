import type { MigrationPhase, MigrationPlan } from '../api/types.ts';
import { migrationPhaseNames } from '../releases/migration-phases.ts';

/** A phase as the plan stands. */
export interface PhaseOnLine {
  readonly phase: MigrationPhase;
  readonly state: 'done' | 'now' | 'ahead';
  /** The plan is on its way to it. */
  readonly isWanted: boolean;
  /** There is no way back to it any more. */
  readonly isClosed: boolean;
  /** Why there is no way back once it is begun. */
  readonly pointOfNoReturn: string | undefined;
}

type Standing = Pick<MigrationPlan, 'phase' | 'wanted' | 'floor' | 'pointsOfNoReturn'>;

/** The phases in order, each as the plan stands. */
export function planLine({ phase: now, wanted, floor, pointsOfNoReturn }: Standing): readonly PhaseOnLine[] {
  const [at, lowest] = [migrationPhaseNames.indexOf(now), migrationPhaseNames.indexOf(floor)];
  return migrationPhaseNames.map((phase, index) => ({
    phase,
    state: index < at ? 'done' : index === at ? 'now' : 'ahead',
    isWanted: wanted === phase && wanted !== now,
    isClosed: index < lowest,
    pointOfNoReturn: pointsOfNoReturn.find((point) => point.phase === phase)?.reason,
  }));
}

/** Whether one phase comes before another. */
export function isBefore(phase: MigrationPhase, other: MigrationPhase): boolean {
  return migrationPhaseNames.indexOf(phase) < migrationPhaseNames.indexOf(other);
}

/** What removes data is confirmed by the plan's key, all else by a press. */
export function isConfirmed(to: MigrationPhase, key: string, typed: string): boolean {
  return to !== 'contract' || typed.trim() === key;
}

/** Where it would go next; undefined: it is at its end. */
export function nextPhase({ phase }: Pick<MigrationPlan, 'phase'>): MigrationPhase | undefined {
  return migrationPhaseNames[migrationPhaseNames.indexOf(phase) + 1];
}
