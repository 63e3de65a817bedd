import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertSetupToken(db: Querier, tokenHash: string, nowMs: number): Promise<void> {
  await db.insertInto('setup_tokens').values({ token_hash: tokenHash, created_at: nowMs }).execute();
}

export async function isSetupToken(db: Querier, tokenHash: string): Promise<boolean> {
  const row = await db
    .selectFrom('setup_tokens')
    .select('token_hash')
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  return row !== undefined;
}

export async function deleteSetupTokens(db: Querier, madeUntilMs: number): Promise<void> {
  await db.deleteFrom('setup_tokens').where('created_at', '<=', madeUntilMs).execute();
}

/**
 * Voids all tokens. Of transactions that do so at once one gets them, and the others, after it, none.
 * @returns their hashes
 */
export async function takeSetupTokens(tx: DatabaseTransaction): Promise<string[]> {
  const rows = await tx.deleteFrom('setup_tokens').returning('token_hash').execute();
  return rows.map((row) => row.token_hash);
}
