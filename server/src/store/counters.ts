import type { DatabaseTransaction, Querier } from './tables.ts';

/** What has a counter: it grows with every commit that changes what servers keep in memory of it. */
export type CounterName =
  | 'keys'
  | 'kills'
  | 'context-settings'
  | 'access'
  | 'context-proofs'
  | 'signal-sources'
  | 'safeguards'
  | 'bindings';

/** Counts on. Others that count the same wait until the transaction ends, so numbers grow in the order of commits. */
export async function countOn(tx: DatabaseTransaction, name: CounterName): Promise<number> {
  const { number } = await tx
    .updateTable('counters')
    .set((eb) => ({ number: eb('number', '+', 1) }))
    .where('name', '=', name)
    .returning('number')
    .executeTakeFirstOrThrow();
  return number;
}

export async function readCounter(db: Querier, name: CounterName): Promise<number> {
  const { number } = await db
    .selectFrom('counters')
    .select('number')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return number;
}
