import type { EnvironmentRow } from '../store/tables/flags.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertEnvironment(tx: DatabaseTransaction, row: EnvironmentRow): Promise<void> {
  await tx.insertInto('environments').values(row).execute();
}

/** In the order that people gave them. */
export async function findEnvironments(db: Querier, projectIds: readonly string[]): Promise<EnvironmentRow[]> {
  if (projectIds.length === 0) return [];
  return db
    .selectFrom('environments')
    .selectAll()
    .where('project_id', 'in', projectIds)
    .orderBy('position')
    .orderBy('key')
    .execute();
}

/** One that is there: by its id. */
export async function readEnvironment(db: Querier, id: string): Promise<EnvironmentRow> {
  return db.selectFrom('environments').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

export async function findEnvironment(
  db: Querier,
  projectId: string,
  key: string,
): Promise<EnvironmentRow | undefined> {
  return db
    .selectFrom('environments')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('key', '=', key)
    .executeTakeFirst();
}

export async function updateEnvironment(
  tx: DatabaseTransaction,
  id: string,
  row: Partial<Omit<EnvironmentRow, 'id' | 'project_id' | 'key'>>,
): Promise<void> {
  await tx.updateTable('environments').set(row).where('id', '=', id).execute();
}

/** With all that belongs to it alone: what its flags are in it, segments, keys, kills. Audit events stay. */
export async function deleteEnvironment(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('environments').where('id', '=', id).execute();
}
