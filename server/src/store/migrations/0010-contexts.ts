import type { Kysely } from 'kysely';

/**
 * Sampled contexts, attributes seen in them, and what may be sampled. Where there is no row, the defaults hold: names and
 * types of attributes, and nothing is private.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('context_sampling')
    .addColumn('environment_id', 'text', (column) =>
      column.primaryKey().references('environments.id').onDelete('cascade'),
    )
    .addColumn('mode', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('private_attributes')
    .addColumn('project_id', 'text', (column) => column.primaryKey().references('projects.id').onDelete('cascade'))
    .addColumn('paths', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('context_samples')
    .addColumn('environment_id', 'text', (column) => column.notNull().references('environments.id').onDelete('cascade'))
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('context', 'text', (column) => column.notNull())
    .addColumn('is_cut', 'integer', (column) => column.notNull())
    .addColumn('first_seen', 'bigint', (column) => column.notNull())
    .addColumn('last_seen', 'bigint', (column) => column.notNull())
    .addColumn('count', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('context_samples_key', ['environment_id', 'subject'])
    .execute();
  await db.schema
    .createIndex('context_samples_by_age')
    .on('context_samples')
    .columns(['environment_id', 'last_seen'])
    .execute();
  await db.schema
    .createTable('attributes_seen')
    .addColumn('environment_id', 'text', (column) => column.notNull().references('environments.id').onDelete('cascade'))
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('first_seen', 'bigint', (column) => column.notNull())
    .addColumn('last_seen', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('attributes_seen_key', ['environment_id', 'path', 'type', 'source'])
    .execute();

  await (db as Kysely<{ counters: { name: string; number: number } }>)
    .insertInto('counters')
    .values({ name: 'context-settings', number: 0 })
    .execute();
}
