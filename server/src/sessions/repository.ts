import type { Querier } from '../store/tables.ts';
import { toUser } from '../users/repository.ts';
import type { User } from '../users/user.ts';

export async function insertSession(
  db: Querier,
  session: { tokenHash: string; userId: string; createdAtMs: number; expiresAtMs: number },
): Promise<void> {
  await db
    .insertInto('sessions')
    .values({
      token_hash: session.tokenHash,
      user_id: session.userId,
      created_at: session.createdAtMs,
      expires_at: session.expiresAtMs,
    })
    .execute();
}

export async function findSession(
  db: Querier,
  tokenHash: string,
): Promise<{ user: User; expiresAtMs: number } | undefined> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(['users.id', 'users.email', 'users.name', 'sessions.expires_at'])
    .where('sessions.token_hash', '=', tokenHash)
    .where('users.disabled_at', 'is', null)
    .executeTakeFirst();
  return row && { user: toUser(row), expiresAtMs: row.expires_at };
}

export async function extendSession(db: Querier, tokenHash: string, expiresAtMs: number): Promise<void> {
  await db.updateTable('sessions').set({ expires_at: expiresAtMs }).where('token_hash', '=', tokenHash).execute();
}

export async function deleteSession(db: Querier, tokenHash: string): Promise<void> {
  await db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute();
}

/** Signs someone out everywhere. */
export async function deleteSessionsOf(db: Querier, userId: string): Promise<void> {
  await db.deleteFrom('sessions').where('user_id', '=', userId).execute();
}

export async function deleteExpiredSessions(db: Querier, nowMs: number): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<=', nowMs).execute();
}
