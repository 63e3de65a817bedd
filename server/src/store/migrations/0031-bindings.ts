import type { Kysely } from 'kysely';

/** What alerts lead to, and which of their episodes have done so. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('bindings')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('project_id', 'text', (column) => column.notNull().references('projects.id').onDelete('cascade'))
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('terms', 'text', (column) => column.notNull())
    .addColumn('armed_at', 'bigint', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('bindings_key', ['project_id', 'key'])
    .execute();
  await schema
    .createTable('binding_episodes')
    .addColumn('binding_id', 'text', (column) => column.notNull().references('bindings.id').onDelete('cascade'))
    .addColumn('episode', 'text', (column) => column.notNull())
    .addColumn('acted_at', 'bigint', (column) => column.notNull())
    .addColumn('paused', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('binding_episodes_key', ['binding_id', 'episode'])
    .execute();
  await schema.createIndex('binding_episodes_by_age').on('binding_episodes').column('acted_at').execute();
  await (db as Kysely<{ counters: { name: string; number: number } }>)
    .insertInto('counters')
    .values({ name: 'bindings', number: 0 })
    .execute();
}
