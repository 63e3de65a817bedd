import type { DataSourceRow } from '../store/tables/safeguards.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertDataSource(tx: DatabaseTransaction, row: DataSourceRow): Promise<void> {
  await tx.insertInto('data_sources').values(row).execute();
}

export async function updateDataSource(
  tx: DatabaseTransaction,
  id: string,
  columns: Partial<DataSourceRow>,
): Promise<void> {
  await tx.updateTable('data_sources').set(columns).where('id', '=', id).execute();
}

export async function deleteDataSource(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('data_sources').where('id', '=', id).execute();
}

export async function findDataSource(db: Querier, projectId: string, key: string): Promise<DataSourceRow | undefined> {
  return db
    .selectFrom('data_sources')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('key', '=', key)
    .executeTakeFirst();
}

/** By key. */
export async function findDataSources(
  db: Querier,
  projectId: string,
  { afterKey, limit }: { readonly afterKey?: string | undefined; readonly limit: number },
): Promise<DataSourceRow[]> {
  let select = db
    .selectFrom('data_sources')
    .selectAll()
    .where('project_id', '=', projectId)
    .orderBy('key')
    .limit(limit);
  if (afterKey !== undefined) select = select.where('key', '>', afterKey);
  return select.execute();
}
