import type { PasswordLinkRow } from '../store/tables/access.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertPasswordLink(tx: DatabaseTransaction, row: PasswordLinkRow): Promise<void> {
  await tx.insertInto('password_links').values(row).execute();
}

/** Unless it is past its time. */
export async function findPasswordLink(
  db: Querier,
  tokenHash: string,
  nowMs: number,
): Promise<PasswordLinkRow | undefined> {
  return db
    .selectFrom('password_links')
    .innerJoin('users', 'users.id', 'password_links.user_id')
    .selectAll('password_links')
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', nowMs)
    .where('users.disabled_at', 'is', null)
    .executeTakeFirst();
}

/** Voids all links of a user. @returns their hashes: of transactions that do so at once one gets them */
export async function takePasswordLinks(tx: DatabaseTransaction, userId: string): Promise<string[]> {
  const rows = await tx.deleteFrom('password_links').where('user_id', '=', userId).returning('token_hash').execute();
  return rows.map((row) => row.token_hash);
}
