import type { Kysely } from 'kysely';

/** What a decision about a release rests on besides its facts, so that it can be made again. Those from before have none. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('release_decisions').addColumn('basis', 'text').execute();
}
