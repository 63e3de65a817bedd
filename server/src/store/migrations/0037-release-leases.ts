import type { Kysely } from 'kysely';

/** Which server does what a release needs done outside the database, and what it saw there. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('release_leases')
    .addColumn('release_id', 'text', (column) => column.primaryKey().references('releases.id').onDelete('cascade'))
    .addColumn('holder', 'text', (column) => column.notNull())
    .addColumn('fence', 'bigint', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .addColumn('seen', 'text')
    .execute();
}
