import type { Kysely } from 'kysely';

/** Until when keys are valid, from which pages they may be used, which one they take the place of, and their last use. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('keys').addColumn('expires_at', 'bigint').execute();
  await db.schema.alterTable('keys').addColumn('last_used_at', 'bigint').execute();
  await db.schema.alterTable('keys').addColumn('origins', 'text').execute();
  await db.schema.alterTable('keys').addColumn('replaces', 'text').execute();
}
