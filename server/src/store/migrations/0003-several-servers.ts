import type { Kysely } from 'kysely';

/** What several servers on one database need to know of each other's changes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Numbers that grow with every commit which changes something that servers keep in memory.
  await db.schema
    .createTable('counters')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .execute();
  await (db as Kysely<{ counters: { name: string; number: number } }>)
    .insertInto('counters')
    .values({ name: 'keys', number: 0 })
    .execute();

  // When a change was stored, by the database's clock: servers' own clocks may differ.
  await db.schema.alterTable('changes').addColumn('stored_at', 'bigint').execute();

  // The one-time links that make the owner: any server takes the link that another printed.
  await db.schema
    .createTable('setup_tokens')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
}
