import { sql } from 'kysely';
import type { MigrationPlanRow, MigrationRunRow } from '../store/tables/migration-plans.ts';
import type { Database, DatabaseTransaction, Querier } from '../store/tables.ts';

/** A plan with the keys of where it is. */
export type PlacedPlan = MigrationPlanRow & { readonly project: string; readonly environment: string };

export async function insertPlan(tx: DatabaseTransaction, row: MigrationPlanRow): Promise<void> {
  await tx.insertInto('migration_plans').values(row).execute();
}

/** Leaves alone who holds it. @returns false when it is not in the version that `row` follows any more */
export async function savePlan(tx: DatabaseTransaction, row: MigrationPlanRow): Promise<boolean> {
  const { id, version, holder: _, held_until: __, ...columns } = row;
  const { numUpdatedRows } = await tx
    .updateTable('migration_plans')
    .set({ ...columns, version })
    .where('id', '=', id)
    .where('version', '=', version - 1)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function deletePlan(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('migration_plans').where('id', '=', id).execute();
}

export async function findPlan(db: Querier, environmentId: string, key: string): Promise<PlacedPlan | undefined> {
  return placed(db)
    .where('migration_plans.environment_id', '=', environmentId)
    .where('migration_plans.key', '=', key)
    .executeTakeFirst();
}

export async function findPlanById(db: Querier, id: string): Promise<PlacedPlan | undefined> {
  return placed(db).where('migration_plans.id', '=', id).executeTakeFirst();
}

/** By key. */
export async function findPlans(
  db: Querier,
  environmentId: string,
  { afterKey, limit }: { readonly afterKey?: string | undefined; readonly limit: number },
): Promise<PlacedPlan[]> {
  let select = placed(db)
    .where('migration_plans.environment_id', '=', environmentId)
    .orderBy('migration_plans.key')
    .limit(limit);
  if (afterKey !== undefined) select = select.where('migration_plans.key', '>', afterKey);
  return select.execute();
}

/** All that have something to do. */
export async function findMovingPlans(db: Database): Promise<PlacedPlan[]> {
  return placed(db).where('is_moving', '=', 1).orderBy('migration_plans.id').execute();
}

function placed(db: Querier) {
  return db
    .selectFrom('migration_plans')
    .innerJoin('environments', 'environments.id', 'migration_plans.environment_id')
    .innerJoin('projects', 'projects.id', 'environments.project_id')
    .selectAll('migration_plans')
    .select(['projects.key as project', 'environments.key as environment']);
}

/**
 * Takes a plan, or keeps it: other servers leave it alone for so long.
 * @returns false when another server has it
 */
export async function holdPlan(
  db: Querier,
  id: string,
  holder: string,
  nowMs: number,
  untilMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('migration_plans')
    .set({ holder, held_until: untilMs })
    .where('id', '=', id)
    .where((where) =>
      where.or([where('holder', 'is', null), where('holder', '=', holder), where('held_until', '<', nowMs)]),
    )
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Others may take over at once what this server held. */
export async function letPlansGo(db: Querier, holder: string): Promise<void> {
  await db
    .updateTable('migration_plans')
    .set({ holder: null, held_until: null })
    .where('holder', '=', holder)
    .execute();
}

/** What is there already goes on. */
export async function beginRun(db: Querier, row: MigrationRunRow): Promise<void> {
  await db
    .insertInto('migration_runs')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export async function updateRun(db: Querier, id: string, columns: Partial<Omit<MigrationRunRow, 'id'>>): Promise<void> {
  await db.updateTable('migration_runs').set(columns).where('id', '=', id).execute();
}

interface RunPage {
  /** Those that began before this one. */
  readonly before?: { readonly startedAt: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function findRuns(db: Querier, planId: string, { before, limit }: RunPage): Promise<MigrationRunRow[]> {
  let select = db
    .selectFrom('migration_runs')
    .selectAll()
    .where('plan_id', '=', planId)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (before !== undefined) {
    const { startedAt, id } = before;
    select = select.where((where) =>
      where.or([
        where('started_at', '<', startedAt),
        where.and([where('started_at', '=', startedAt), where('id', '<', id)]),
      ]),
    );
  }
  return select.execute();
}

/** Forgets actions that ended before a time, but of plans that are on their way or in a release under way. */
export async function forgetRuns(db: Querier, beforeMs: number): Promise<void> {
  await db
    .deleteFrom('migration_runs')
    .where('ended_at', '<', beforeMs)
    .where('plan_id', 'in', (plans) =>
      plans
        .selectFrom('migration_plans')
        .leftJoin('release_targets', (join) =>
          join
            .onRef('release_targets.environment_id', '=', 'migration_plans.environment_id')
            .on('release_targets.target', '=', sql<string>`'migration:' || migration_plans.key`),
        )
        .select('migration_plans.id')
        .where('migration_plans.is_moving', '=', 0)
        .where('release_targets.release_id', 'is', null),
    )
    .execute();
}
