import type { Kysely } from 'kysely';

/** Whether pages must prove their contexts, and the secrets that hosts prove them by. Without a row they need not. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('context_proofs')
    .addColumn('environment_id', 'text', (column) =>
      column.primaryKey().references('environments.id').onDelete('cascade'),
    )
    .addColumn('mode', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('context_proof_secrets')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('environment_id', 'text', (column) => column.notNull().references('environments.id').onDelete('cascade'))
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('context_proof_secrets_by_environment')
    .on('context_proof_secrets')
    .column('environment_id')
    .execute();

  await (db as Kysely<{ counters: { name: string; number: number } }>)
    .insertInto('counters')
    .values({ name: 'context-proofs', number: 0 })
    .execute();
}
