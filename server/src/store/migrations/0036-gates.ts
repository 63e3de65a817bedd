import type { Kysely } from 'kysely';

/** What the gates of releases measured, and what it came to. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('gate_runs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('release_id', 'text', (column) => column.notNull().references('releases.id').onDelete('cascade'))
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('stage', 'integer', (column) => column.notNull())
    .addColumn('gate', 'text', (column) => column.notNull())
    .addColumn('definition', 'text', (column) => column.notNull())
    .addColumn('entered_at', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('next', 'integer', (column) => column.notNull())
    .addColumn('base', 'text', (column) => column.notNull())
    .addColumn('base_next', 'integer', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('gate_runs_by_release')
    .unique()
    .on('gate_runs')
    .columns(['release_id', 'attempt', 'stage', 'gate'])
    .execute();
  await schema
    .createTable('gate_measurements')
    .addColumn('run_id', 'text', (column) => column.notNull().references('gate_runs.id').onDelete('cascade'))
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('from_at', 'bigint', (column) => column.notNull())
    .addColumn('to_at', 'bigint', (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('gate_measurements_pkey', ['run_id', 'number'])
    .execute();
  await schema.createIndex('gate_measurements_by_time').on('gate_measurements').columns(['to_at']).execute();
}
