import type { Kysely } from 'kysely';

/** Changes that wait for approval, and times in which an environment is not changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .alterTable('environments')
    .addColumn('required_approvals', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();

  await schema
    .createTable('change_requests')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('project_id', 'text', (column) => column.notNull().references('projects.id').onDelete('cascade'))
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('content_hash', 'text', (column) => column.notNull())
    .addColumn('bases', 'text', (column) => column.notNull())
    .addColumn('based_at', 'bigint', (column) => column.notNull())
    .addColumn('authors', 'text', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('change_requests_by_project')
    .on('change_requests')
    .columns(['project_id', 'state', 'id'])
    .execute();

  await schema
    .createTable('change_request_entries')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('request_id', 'text', (column) => column.notNull().references('change_requests.id').onDelete('cascade'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('content_hash', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('change_request_entries_by_request')
    .on('change_request_entries')
    .columns(['request_id', 'id'])
    .execute();

  await schema
    .createTable('freezes')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('environment_id', 'text', (column) => column.notNull().references('environments.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('starts_at', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('freezes_by_environment').on('freezes').columns(['environment_id', 'ends_at']).execute();
}
