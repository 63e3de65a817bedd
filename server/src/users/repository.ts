import { sql } from 'kysely';
import { containing } from '../http/page.ts';
import type { DatabaseTransaction, Querier, UserRow } from '../store/tables.ts';
import type { User } from './user.ts';

export async function countUsers(db: Querier): Promise<number> {
  const row = await db
    .selectFrom('users')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function insertUser(tx: DatabaseTransaction, row: UserRow): Promise<void> {
  await tx.insertInto('users').values(row).execute();
}

export async function findUser(db: Querier, id: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
}

/** @param email in lower case */
export async function findUserByEmail(db: Querier, email: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst();
}

export interface UserQuery {
  readonly search?: string | undefined;
  /** Only those behind this address. */
  readonly afterEmail?: string | undefined;
  readonly limit: number;
}

/** By email. */
export async function findUsers(db: Querier, { search, afterEmail, limit }: UserQuery): Promise<UserRow[]> {
  let select = db.selectFrom('users').selectAll().orderBy('email').limit(limit);
  if (afterEmail !== undefined) select = select.where('email', '>', afterEmail);
  if (search !== undefined && search !== '') {
    const pattern = containing(search);
    select = select.where((eb) =>
      eb.or([
        sql<boolean>`${eb.ref('email')} like ${pattern} escape '\\'`,
        sql<boolean>`lower(${eb.ref('name')}) like ${pattern} escape '\\'`,
      ]),
    );
  }
  return select.execute();
}

export async function updateUser(
  tx: DatabaseTransaction,
  id: string,
  values: Partial<Pick<UserRow, 'name' | 'email' | 'disabled_at' | 'password_hash' | 'external_id'>>,
): Promise<void> {
  await tx.updateTable('users').set(values).where('id', '=', id).execute();
}

/** Their sessions, tokens, grants and memberships go with them. */
export async function deleteUser(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('users').where('id', '=', id).execute();
}

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

export function toUser({ id, email, name }: Pick<UserRow, 'id' | 'email' | 'name'>): User {
  return { id, email, name };
}
