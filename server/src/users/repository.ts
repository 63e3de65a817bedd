import type { DatabaseTransaction, Querier, UserRow } from '../store/tables.ts';
import type { Role, User } from './user.ts';

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

/** @param email in lower case */
export async function findUserByEmail(db: Querier, email: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst();
}

export function toUser({ id, email, name, role }: Pick<UserRow, 'id' | 'email' | 'name' | 'role'>): User {
  return { id, email, name, role: role as Role };
}
