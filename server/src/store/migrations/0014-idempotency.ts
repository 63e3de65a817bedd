import type { Kysely } from 'kysely';

/** Requests that carry an idempotency key, and how they were answered. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('idempotency_keys')
    .addColumn('caller', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('request_hash', 'text', (column) => column.notNull())
    .addColumn('attempt', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('committed', 'integer', (column) => column.notNull())
    .addColumn('status', 'integer')
    .addColumn('body', 'text')
    .addPrimaryKeyConstraint('idempotency_keys_key', ['caller', 'key'])
    .execute();
  await db.schema.createIndex('idempotency_keys_by_start').on('idempotency_keys').column('started_at').execute();
}
