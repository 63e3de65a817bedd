import type { Kysely } from 'kysely';

/**
 * Audit events in chains of hashes, and what they say besides: from where, why, and which revisions they made. Events from
 * before are chained when a server starts (see `audit/chain.ts`), and so are those of older servers that go on writing.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [column, type] of [
    ['chain', 'text'],
    ['seq', 'bigint'],
    ['hash', 'text'],
    ['change_id', 'text'],
    ['revisions', 'text'],
    ['comment', 'text'],
    ['origin_digest', 'text'],
    ['origin', 'text'],
  ] as const) {
    await db.schema.alterTable('audit_events').addColumn(column, type).execute();
  }
  await db.schema.createIndex('audit_by_chain').unique().on('audit_events').columns(['chain', 'seq']).execute();
  await db.schema.createIndex('audit_by_change').on('audit_events').column('change_id').execute();
  await db.schema.createIndex('audit_by_actor').on('audit_events').columns(['actor_id', 'id']).execute();
  await db.schema.createIndex('audit_by_action').on('audit_events').columns(['action', 'id']).execute();
  const unchained = db.schema.createIndex('audit_unchained').on('audit_events').column('id');
  await unchained.where('seq' as never, 'is', null).execute();

  await db.schema
    .createTable('audit_chains')
    .addColumn('chain', 'text', (column) => column.primaryKey())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
}
