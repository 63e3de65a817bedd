import type { TrafficTargetRow } from '../store/tables/releases.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertTarget(tx: DatabaseTransaction, row: TrafficTargetRow): Promise<void> {
  await tx.insertInto('traffic_targets').values(row).execute();
}

export async function updateTarget(tx: DatabaseTransaction, { id, ...columns }: TrafficTargetRow): Promise<void> {
  await tx.updateTable('traffic_targets').set(columns).where('id', '=', id).execute();
}

export async function deleteTarget(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('traffic_targets').where('id', '=', id).execute();
}

export async function findTarget(
  db: Querier,
  environmentId: string,
  key: string,
): Promise<TrafficTargetRow | undefined> {
  return db
    .selectFrom('traffic_targets')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('key', '=', key)
    .executeTakeFirst();
}

/** The key of the project of an environment. */
export async function readProjectOf(db: Querier, environmentId: string): Promise<string> {
  const { key } = await db
    .selectFrom('environments')
    .innerJoin('projects', 'projects.id', 'environments.project_id')
    .select('projects.key')
    .where('environments.id', '=', environmentId)
    .executeTakeFirstOrThrow();
  return key;
}

/** By key. */
export async function findTargets(
  db: Querier,
  environmentId: string,
  { afterKey, limit }: { readonly afterKey?: string | undefined; readonly limit: number },
): Promise<TrafficTargetRow[]> {
  let select = db
    .selectFrom('traffic_targets')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('key')
    .limit(limit);
  if (afterKey !== undefined) select = select.where('key', '>', afterKey);
  return select.execute();
}
