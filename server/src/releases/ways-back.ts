import { validationFailed } from '../http/api-error.ts';
import { comparePhases, type MigrationPhase } from '../migration-plans/phase.ts';
import type { MigrationPlans } from '../migration-plans/service.ts';
import type { Querier } from '../store/tables.ts';
import type { Spec } from './spec.ts';
import { LAST_SAFE } from './way-back.ts';

/** A stage from which there is no way back to the baseline. */
export interface PointOfNoReturn {
  /** Its index. */
  readonly stage: number;
  readonly reason: string;
}

/**
 * Flags and traffic always find back: both ends of each are named in the spec, and either is set absolutely. What closes a
 * way is a migration alone; its plan says where.
 */
export async function findPointsOfNoReturn(
  db: Querier,
  plans: Pick<MigrationPlans, 'floors'>,
  environmentId: string,
  { migration, stages }: Spec,
): Promise<PointOfNoReturn[]> {
  if (migration === undefined) return [];
  const phases = stages.map(({ migrationPhase = 'baseline' as MigrationPhase }) => migrationPhase);
  const floors = (await plans.floors(environmentId, migration.plan, phases, db)) ?? [];
  return floors.flatMap(({ phase, reason }, stage) =>
    comparePhases(phase, LAST_SAFE) <= 0 ? [] : [{ stage, reason: reason ?? `There is no way back from ${phase}.` }],
  );
}

/** @throws {ApiError} `validation_failed` where there is no such plan */
export async function refuseUnplanned(
  db: Querier,
  plans: Pick<MigrationPlans, 'facts'>,
  environment: { readonly id: string; readonly key: string },
  { migration }: Spec,
): Promise<void> {
  if (migration === undefined || (await plans.facts(environment.id, migration.plan, db)) !== undefined) return;
  const message = `there is no migration plan "${migration.plan}" in ${environment.key}: make it first`;
  throw validationFailed([{ path: 'migration.plan', message }]);
}
