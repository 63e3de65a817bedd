import type { Kysely } from 'kysely';

/** Segments. Their keys are in `ruleset_items` alone: in the segment's document, or in pages of their own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('segments')
    .addColumn('environment_id', 'text', (column) => column.notNull().references('environments.id').onDelete('cascade'))
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('attribute', 'text')
    .addColumn('conditions', 'text')
    .addColumn('included_count', 'integer', (column) => column.notNull())
    .addColumn('included_pages', 'integer', (column) => column.notNull())
    .addColumn('excluded_count', 'integer', (column) => column.notNull())
    .addColumn('excluded_pages', 'integer', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('segments_key', ['environment_id', 'key'])
    .execute();
}
