import type { Kysely } from 'kysely';

/** What people say about flags, and the ways to look at their list that they keep. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('flag_comments')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('flag_id', 'text', (column) => column.notNull().references('flags.id').onDelete('cascade'))
    .addColumn('author_id', 'text', (column) => column.notNull())
    .addColumn('author', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('edited_at', 'bigint')
    .execute();
  await schema.createIndex('flag_comments_by_flag').on('flag_comments').columns(['flag_id', 'id']).execute();

  await schema
    .createTable('flag_views')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('project_id', 'text', (column) => column.notNull().references('projects.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('filter', 'text', (column) => column.notNull())
    .addColumn('shared', 'integer', (column) => column.notNull())
    .addColumn('owner_id', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('flag_views_by_project').on('flag_views').columns(['project_id', 'id']).execute();
}
