import type { Kysely } from 'kysely';

/** How each kill came to be, and how far and how fast it came. Those of before have none. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('kill_timelines')
    .addColumn('event_id', 'text', (column) => column.primaryKey())
    .addColumn('environment_id', 'text', (column) => column.notNull().references('environments.id').onDelete('cascade'))
    .addColumn('flag_key', 'text', (column) => column.notNull())
    .addColumn('epoch', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('kill_timelines_by_time')
    .on('kill_timelines')
    .columns(['environment_id', 'at', 'event_id'])
    .execute();
  await db.schema
    .createIndex('kill_timelines_by_epoch')
    .on('kill_timelines')
    .columns(['environment_id', 'flag_key', 'epoch'])
    .execute();
}
