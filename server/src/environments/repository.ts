import type { DatabaseTransaction, EnvironmentRow, Querier } from '../store/tables.ts';

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
