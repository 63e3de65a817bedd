import type { Kysely } from 'kysely';

/** Changes that are made at a time, and what became of each of those times. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('schedules')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('project_id', 'text', (column) => column.notNull().references('projects.id').onDelete('cascade'))
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('plan', 'text', (column) => column.notNull())
    .addColumn('tolerance_ms', 'bigint', (column) => column.notNull())
    .addColumn('is_approved', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('due_at', 'bigint')
    .addColumn('due_edge', 'text')
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('schedules_due').on('schedules').columns(['state', 'due_at']).execute();
  await schema.createIndex('schedules_by_project').on('schedules').columns(['project_id', 'id']).execute();

  await schema
    .createTable('schedule_runs')
    .addColumn('schedule_id', 'text', (column) => column.notNull().references('schedules.id').onDelete('cascade'))
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addColumn('edge', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('ran_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('schedule_runs_once', ['schedule_id', 'due_at', 'edge'])
    .execute();
}
