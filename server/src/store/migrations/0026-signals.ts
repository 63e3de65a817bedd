import type { Kysely } from 'kysely';

/** Sources of signals, what they sent, and when things went wrong by it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('signal_sources')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('key', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('vendor', 'text', (column) => column.notNull())
    .addColumn('project_id', 'text', (column) => column.references('projects.id').onDelete('cascade'))
    .addColumn('allow', 'text', (column) => column.notNull())
    .addColumn('mode', 'text', (column) => column.notNull())
    .addColumn('topics', 'text', (column) => column.notNull())
    .addColumn('mapping', 'text')
    .addColumn('secret', 'text')
    .addColumn('previous_secret', 'text')
    .addColumn('previous_until', 'bigint')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('signals')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('source_id', 'text', (column) => column.notNull().references('signal_sources.id').onDelete('cascade'))
    .addColumn('delivery_id', 'text', (column) => column.notNull())
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addColumn('deliveries', 'integer', (column) => column.notNull())
    .addColumn('last_at', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('headers', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('body_bytes', 'integer', (column) => column.notNull())
    .addColumn('note', 'text')
    .addColumn('alerts', 'text', (column) => column.notNull())
    .addUniqueConstraint('signals_by_delivery', ['source_id', 'delivery_id'])
    .execute();
  await schema.createIndex('signals_by_source').on('signals').columns(['source_id', 'id']).execute();
  await schema
    .createTable('signal_episodes')
    .addColumn('source_id', 'text', (column) => column.notNull().references('signal_sources.id').onDelete('cascade'))
    .addColumn('episode', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('starts_at', 'bigint', (column) => column.notNull())
    .addColumn('last_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('signal_episodes_key', ['source_id', 'episode'])
    .execute();
  await schema
    .createIndex('signal_episodes_by_fingerprint')
    .on('signal_episodes')
    .columns(['source_id', 'fingerprint', 'starts_at'])
    .execute();
  await (db as Kysely<{ counters: { name: string; number: number } }>)
    .insertInto('counters')
    .values({ name: 'signal-sources', number: 0 })
    .execute();
}
