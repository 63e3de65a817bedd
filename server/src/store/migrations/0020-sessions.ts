import type { Kysely } from 'kysely';

/** From where each session was begun and when it was last used, so that people can tell their sessions apart. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('sessions').addColumn('address', 'text').execute();
  await db.schema.alterTable('sessions').addColumn('user_agent', 'text').execute();
  await db.schema.alterTable('sessions').addColumn('used_at', 'bigint').execute();
}
