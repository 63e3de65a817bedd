import type { Kysely } from 'kysely';

/** Whether SDKs measure a flag's code paths by slices of its subjects, too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('flag_environments')
    .addColumn('slices', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
