import { sql } from 'kysely';
import type { Store } from './store.ts';
import type { DatabaseTransaction, Tables } from './tables.ts';

export type AnyRow = Record<string, unknown>;

/** All rows of a table, never more than a batch of them in memory. */
export async function* batchesOf(
  engine: Store['engine'],
  tx: DatabaseTransaction,
  table: keyof Tables,
  batchRows: number,
): AsyncGenerator<readonly AnyRow[]> {
  const all = sql`select * from ${sql.table(table)}`;
  if (engine === 'postgres') {
    await sql`declare batches no scroll cursor for ${all}`.execute(tx);
    for (;;) {
      const { rows } = await sql<AnyRow>`fetch forward ${sql.lit(batchRows)} from batches`.execute(tx);
      if (rows.length === 0) break;
      yield rows;
    }
    await sql`close batches`.execute(tx);
    return;
  }
  // By the number that SQLite gives each row: a statement that stays open would keep all others of the transaction away.
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const { rows } = await sql<AnyRow & { row_number: number }>`
      select rowid as row_number, * from ${sql.table(table)} where rowid > ${after} order by rowid limit ${sql.lit(batchRows)}
    `.execute(tx);
    if (rows.length === 0) return;
    after = rows.at(-1)?.row_number ?? after;
    yield rows.map(({ row_number: _, ...row }) => row);
  }
}
