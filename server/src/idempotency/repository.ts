import type { Attempt } from '../audit/actor.ts';
import type { IdempotencyKeyRow } from '../store/tables/installation.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

/** @returns false when the caller has used the key before */
export async function insertAttempt(db: Querier, row: IdempotencyKeyRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('idempotency_keys')
    .values(row)
    .onConflict((conflict) => conflict.columns(['caller', 'key']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function findAttempt(db: Querier, caller: string, key: string): Promise<IdempotencyKeyRow | undefined> {
  return db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('caller', '=', caller)
    .where('key', '=', key)
    .executeTakeFirst();
}

/**
 * Says, in the transaction of the change itself, that the attempt was carried out.
 * @returns false when another attempt has taken its place: then nothing may be committed
 */
export async function markCommitted(tx: DatabaseTransaction, attempt: Attempt): Promise<boolean> {
  const { numUpdatedRows } = await ofAttempt(tx.updateTable('idempotency_keys'), attempt)
    .set({ committed: 1 })
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function saveAnswer(db: Querier, attempt: Attempt, status: number, body: string | null): Promise<void> {
  await ofAttempt(db.updateTable('idempotency_keys'), attempt).set({ status, body }).execute();
}

/** Puts a new attempt in the place of one that was given up, unless that has committed meanwhile. */
export async function replaceAttempt(
  db: Querier,
  before: IdempotencyKeyRow,
  next: IdempotencyKeyRow,
): Promise<boolean> {
  const { numUpdatedRows } = await ofAttempt(db.updateTable('idempotency_keys'), before)
    .where('committed', '=', 0)
    .set(next)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Forgets an attempt that came to nothing; one that has committed stays. */
export async function deleteAttempt(db: Querier, attempt: Attempt): Promise<void> {
  await ofAttempt(db.deleteFrom('idempotency_keys'), attempt).where('committed', '=', 0).execute();
}

export async function deleteAttemptsBefore(db: Querier, beforeMs: number): Promise<void> {
  await db.deleteFrom('idempotency_keys').where('started_at', '<', beforeMs).execute();
}

interface Filtered {
  where(column: 'caller' | 'key' | 'attempt', operator: '=', value: string): this;
}

function ofAttempt<Q extends Filtered>(query: Q, { caller, key, attempt }: Attempt): Q {
  return query.where('caller', '=', caller).where('key', '=', key).where('attempt', '=', attempt);
}
