import type { Kysely } from 'kysely';

/** Plans of database migrations, and what was done of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('migration_plans')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('environment_id', 'text', (column) => column.notNull().references('environments.id').onDelete('cascade'))
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('flag_id', 'text')
    .addColumn('definition', 'text', (column) => column.notNull())
    .addColumn('databases', 'text', (column) => column.notNull())
    .addColumn('secrets', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('is_moving', 'integer', (column) => column.notNull())
    .addColumn('holder', 'text')
    .addColumn('held_until', 'bigint')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('migration_plans_by_key')
    .unique()
    .on('migration_plans')
    .columns(['environment_id', 'key'])
    .execute();
  await schema.createIndex('migration_plans_moving').on('migration_plans').columns(['is_moving']).execute();

  await schema
    .createTable('migration_runs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('plan_id', 'text', (column) => column.notNull().references('migration_plans.id').onDelete('cascade'))
    .addColumn('phase', 'text', (column) => column.notNull())
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('rows', 'bigint', (column) => column.notNull())
    .addColumn('total', 'bigint')
    .addColumn('output', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('migration_runs_by_plan')
    .on('migration_runs')
    .columns(['plan_id', 'started_at', 'id'])
    .execute();
}
