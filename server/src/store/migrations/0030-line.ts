import type { Kysely } from 'kysely';

/** When everything that grows by itself was stopped last, in a project and in each environment. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['projects', 'environments'])
    await db.schema.alterTable(table).addColumn('line', 'text').execute();
}
