import { type Kysely, sql } from 'kysely';

/** Schemas of flags' values, subjects that are named one by one, and flags that depend on others. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('flags').addColumn('schema', 'text').execute();
  await db.schema.alterTable('flag_environments').addColumn('prerequisites', 'text').execute();
  await db.schema.alterTable('flag_environments').addColumn('targets', 'text').execute();
  // Few flags depend on others: who depends on a flag is found among them, not among all.
  await db.schema
    .createIndex('flag_environments_with_prerequisites')
    .on('flag_environments')
    .column('flag_id')
    .where(sql<boolean>`prerequisites is not null`)
    .execute();
}
