import type { Kysely } from 'kysely';

/** The latest kill or re-arm of each flag in each environment; what was before is in the audit events. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('kills')
    .addColumn('environment_id', 'text', (column) => column.notNull().references('environments.id').onDelete('cascade'))
    .addColumn('flag_key', 'text', (column) => column.notNull())
    .addColumn('epoch', 'bigint', (column) => column.notNull())
    .addColumn('engaged', 'integer', (column) => column.notNull())
    .addColumn('event_id', 'text', (column) => column.notNull())
    .addColumn('actor_kind', 'text', (column) => column.notNull())
    .addColumn('actor_id', 'text', (column) => column.notNull())
    .addColumn('actor_name', 'text', (column) => column.notNull())
    .addColumn('request_id', 'text')
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('kills_key', ['environment_id', 'flag_key'])
    .execute();
  await db.schema.createIndex('kills_by_number').on('kills').column('number').execute();

  await (db as Kysely<{ counters: { name: string; number: number } }>)
    .insertInto('counters')
    .values({ name: 'kills', number: 0 })
    .execute();
}
