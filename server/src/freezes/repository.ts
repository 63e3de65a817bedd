import type { After } from '../store/after.ts';
import type { FreezeRow } from '../store/tables/change-requests.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertFreeze(tx: DatabaseTransaction, row: FreezeRow): Promise<void> {
  await tx.insertInto('freezes').values(row).execute();
}

export async function deleteFreeze(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('freezes').where('id', '=', id).execute();
}

export async function findFreeze(db: Querier, environmentId: string, id: string): Promise<FreezeRow | undefined> {
  return db
    .selectFrom('freezes')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Oldest first. */
export async function findFreezes(
  db: Querier,
  environmentId: string,
  { afterId = '', limit }: After,
): Promise<FreezeRow[]> {
  return db
    .selectFrom('freezes')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** The one that an environment is in; of several, the one that ends last. */
export async function findPresentFreeze(
  db: Querier,
  environmentId: string,
  nowMs: number,
): Promise<FreezeRow | undefined> {
  return db
    .selectFrom('freezes')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('starts_at', '<=', nowMs)
    .where('ends_at', '>', nowMs)
    .orderBy('ends_at', 'desc')
    .executeTakeFirst();
}
