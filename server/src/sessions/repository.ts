import type { SessionRow } from '../store/tables/access.ts';
import type { Querier } from '../store/tables.ts';
import { toUser } from '../users/repository.ts';
import type { User } from '../users/user.ts';

export async function insertSession(db: Querier, row: SessionRow): Promise<void> {
  await db.insertInto('sessions').values(row).execute();
}

export interface FoundSession {
  readonly user: User;
  readonly row: Pick<SessionRow, 'created_at' | 'used_at' | 'expires_at' | 'strong'>;
  /** Whether the installation asks for a second factor. */
  readonly requiresStrong: boolean;
}

export async function findSession(db: Querier, tokenHash: string): Promise<FoundSession | undefined> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(['users.id', 'users.email', 'users.name'])
    .select(['sessions.created_at', 'sessions.used_at', 'sessions.expires_at', 'sessions.strong'])
    .select((eb) => eb.selectFrom('sign_in_policy').select('require_second_factor').as('required'))
    .where('sessions.token_hash', '=', tokenHash)
    .where('users.disabled_at', 'is', null)
    .executeTakeFirst();
  return row && { user: toUser(row), row, requiresStrong: row.required === 1 };
}

/** Someone's sessions that go on, newest first. */
export async function findSessionsOf(db: Querier, userId: string, nowMs: number): Promise<SessionRow[]> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('user_id', '=', userId)
    .where('expires_at', '>', nowMs)
    .orderBy('created_at', 'desc')
    .orderBy('token_hash')
    .execute();
}

export async function extendSession(
  db: Querier,
  tokenHash: string,
  { usedAtMs, expiresAtMs }: { readonly usedAtMs: number; readonly expiresAtMs: number },
): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ used_at: usedAtMs, expires_at: expiresAtMs })
    .where('token_hash', '=', tokenHash)
    .execute();
}

export async function deleteSession(db: Querier, tokenHash: string): Promise<void> {
  await db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute();
}

/** Signs someone out everywhere. @returns the hashes of the tokens that ended */
export async function deleteSessionsOf(db: Querier, userId: string): Promise<string[]> {
  const rows = await db.deleteFrom('sessions').where('user_id', '=', userId).returning('token_hash').execute();
  return rows.map((row) => row.token_hash);
}

export async function deleteExpiredSessions(db: Querier, nowMs: number): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<=', nowMs).execute();
}
