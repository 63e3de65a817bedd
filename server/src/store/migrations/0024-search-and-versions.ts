import type { Kysely } from 'kysely';
import { searchable } from '../../http/page.ts';

/** What a search finds projects and segments by, in any script; a version of a project's private attributes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema.alterTable('projects').addColumn('search_text', 'text').execute();
  await schema.alterTable('segments').addColumn('search_text', 'text').execute();
  await schema
    .alterTable('private_attributes')
    .addColumn('version', 'integer', (column) => column.notNull().defaultTo(1))
    .execute();
  await fillSearchText(db as Kysely<Known>);
}

/** What this migration reads and writes of the tables, as they are at this level. */
interface Known {
  projects: { id: string; key: string; name: string; search_text: string | null };
  segments: { environment_id: string; key: string; name: string; search_text: string | null };
}

async function fillSearchText(db: Kysely<Known>): Promise<void> {
  for (const { id, key, name } of await db.selectFrom('projects').select(['id', 'key', 'name']).execute()) {
    await db
      .updateTable('projects')
      .set({ search_text: searchable(key, name) })
      .where('id', '=', id)
      .execute();
  }
  const segments = await db.selectFrom('segments').select(['environment_id', 'key', 'name']).execute();
  for (const { environment_id, key, name } of segments) {
    await db
      .updateTable('segments')
      .set({ search_text: searchable(key, name) })
      .where('environment_id', '=', environment_id)
      .where('key', '=', key)
      .execute();
  }
}
