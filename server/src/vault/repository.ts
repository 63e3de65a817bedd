import type { DataKeyRow } from '../store/tables/installation.ts';
import type { Querier } from '../store/tables.ts';

/** The installation's data key; the first one that is offered stays. */
export async function ensureDataKey(db: Querier, offered: DataKeyRow): Promise<DataKeyRow> {
  const stored = await findDataKey(db);
  if (stored !== undefined) return stored;
  await db
    .insertInto('data_keys')
    .values(offered)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return (await findDataKey(db)) ?? offered;
}

export async function findDataKey(db: Querier): Promise<DataKeyRow | undefined> {
  return db.selectFrom('data_keys').selectAll().executeTakeFirst();
}

export async function replaceSealed(db: Querier, { id, sealed }: DataKeyRow): Promise<void> {
  await db.updateTable('data_keys').set({ sealed }).where('id', '=', id).execute();
}
