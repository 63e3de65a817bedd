import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertPasswordLink(
  tx: DatabaseTransaction,
  link: { readonly tokenHash: string; readonly userId: string; readonly expiresAtMs: number },
): Promise<void> {
  await tx
    .insertInto('password_links')
    .values({ token_hash: link.tokenHash, user_id: link.userId, expires_at: link.expiresAtMs })
    .execute();
}

/** Whose link it is, unless it is past its time. */
export async function findPasswordLink(db: Querier, tokenHash: string, nowMs: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('password_links')
    .innerJoin('users', 'users.id', 'password_links.user_id')
    .select('user_id')
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', nowMs)
    .where('users.disabled_at', 'is', null)
    .executeTakeFirst();
  return row?.user_id;
}

/** Voids all links of a user. @returns their hashes: of transactions that do so at once one gets them */
export async function takePasswordLinks(tx: DatabaseTransaction, userId: string): Promise<string[]> {
  const rows = await tx.deleteFrom('password_links').where('user_id', '=', userId).returning('token_hash').execute();
  return rows.map((row) => row.token_hash);
}
