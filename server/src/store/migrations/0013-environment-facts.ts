import type { Kysely } from 'kysely';

/** Versions of projects and environments, and what people say about an environment. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  for (const table of ['projects', 'environments']) {
    await schema
      .alterTable(table)
      .addColumn('version', 'integer', (column) => column.notNull().defaultTo(1))
      .execute();
  }
  await schema.alterTable('environments').addColumn('color', 'text').execute();
  await schema
    .alterTable('environments')
    .addColumn('require_comment', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
