import { sql } from 'kysely';
import { containing } from '../http/page.ts';
import type { UserRow } from '../store/tables/access.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';
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

export function toUser({ id, email, name }: Pick<UserRow, 'id' | 'email' | 'name'>): User {
  return { id, email, name };
}
