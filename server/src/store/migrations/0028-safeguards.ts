import type { Kysely } from 'kysely';

/** Standing rules that are judged from measurements, and what they found. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('safeguards')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('environment_id', 'text', (column) => column.notNull().references('environments.id').onDelete('cascade'))
    .addColumn('definition', 'text', (column) => column.notNull())
    .addColumn('failed_at', 'bigint')
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('safeguards_by_environment').on('safeguards').columns(['environment_id', 'id']).execute();

  // Verdicts outlive the safeguard that reached them.
  await schema
    .createTable('safeguard_verdicts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('environment_id', 'text', (column) => column.notNull().references('environments.id').onDelete('cascade'))
    .addColumn('safeguard_id', 'text', (column) => column.notNull())
    .addColumn('flag', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('safeguard_verdicts_by_environment')
    .on('safeguard_verdicts')
    .columns(['environment_id', 'id'])
    .execute();
  await schema
    .createIndex('safeguard_verdicts_by_safeguard')
    .on('safeguard_verdicts')
    .columns(['safeguard_id', 'flag', 'at'])
    .execute();

  await (db as Kysely<{ counters: { name: string; number: number } }>)
    .insertInto('counters')
    .values({ name: 'safeguards', number: 0 })
    .execute();
}
