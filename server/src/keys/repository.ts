import type { After } from '../store/after.ts';
import type { KeyRow } from '../store/tables/flags.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertKey(tx: DatabaseTransaction, row: KeyRow): Promise<void> {
  await tx.insertInto('keys').values(row).execute();
}

export async function findValidKeys(db: Querier, nowMs: number): Promise<KeyRow[]> {
  return db
    .selectFrom('keys')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', nowMs)]))
    .execute();
}

export async function findKeyByHash(db: Querier, secretHash: string): Promise<KeyRow | undefined> {
  return db.selectFrom('keys').selectAll().where('secret_hash', '=', secretHash).executeTakeFirst();
}

export async function findKey(db: Querier, environmentId: string, id: string): Promise<KeyRow | undefined> {
  return db
    .selectFrom('keys')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** The key that this one replaced, and those that replace it. */
export async function findKin(db: Querier, { id, replaces }: Pick<KeyRow, 'id' | 'replaces'>): Promise<KeyRow[]> {
  return db
    .selectFrom('keys')
    .selectAll()
    .where((eb) => eb.or([eb('replaces', '=', id), eb('id', '=', replaces ?? '')]))
    .execute();
}

/** Oldest first: ids sort in the order they were made. */
export async function findKeys(db: Querier, environmentId: string, { afterId = '', limit }: After): Promise<KeyRow[]> {
  return db
    .selectFrom('keys')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function revokeKey(tx: DatabaseTransaction, id: string, atMs: number): Promise<void> {
  await tx.updateTable('keys').set({ revoked_at: atMs }).where('id', '=', id).execute();
}

export async function updateKey(
  tx: DatabaseTransaction,
  { id, name, expires_at, origins }: Pick<KeyRow, 'id' | 'name' | 'expires_at' | 'origins'>,
): Promise<void> {
  await tx.updateTable('keys').set({ name, expires_at, origins }).where('id', '=', id).execute();
}

export async function noteKeyUse(db: Querier, id: string, atMs: number): Promise<void> {
  await db.updateTable('keys').set({ last_used_at: atMs }).where('id', '=', id).execute();
}
