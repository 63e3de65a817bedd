import type { Kysely } from 'kysely';

/** People's own ways to release. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('release_templates')
    .addColumn('project_id', 'text', (column) => column.notNull().references('projects.id').onDelete('cascade'))
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('definition', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('release_templates_once', ['project_id', 'key'])
    .execute();
}
