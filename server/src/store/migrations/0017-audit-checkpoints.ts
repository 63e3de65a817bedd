import type { Kysely } from 'kysely';

/** Signed statements of where the audit chains ended, the keys that signed them, and where they were sent. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_keys')
    .addColumn('public_key', 'text', (column) => column.primaryKey())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('audit_checkpoints')
    .addColumn('number', 'bigint', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .addColumn('posted', 'integer', (column) => column.notNull())
    .execute();
}
