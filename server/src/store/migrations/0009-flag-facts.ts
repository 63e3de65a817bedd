import { type Kysely, sql } from 'kysely';
import { searchTextOf } from '../../flags/search-text.ts';

/** Who looks after a flag, for how long it should live, where to read more, what a search finds it by; renamed flags. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema.alterTable('flags').addColumn('owner', 'text').execute();
  await schema.alterTable('flags').addColumn('links', 'text').execute();
  await schema.alterTable('flags').addColumn('lifetime_days', 'integer').execute();
  await schema.alterTable('flags').addColumn('search_text', 'text').execute();
  await schema.createIndex('flags_by_creation').on('flags').columns(['project_id', 'created_at', 'key']).execute();
  await schema
    .createTable('former_flag_keys')
    .addColumn('project_id', 'text', (column) => column.notNull().references('projects.id').onDelete('cascade'))
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('flag_id', 'text', (column) => column.notNull().references('flags.id').onDelete('cascade'))
    .addColumn('renamed_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('former_flag_keys_key', ['project_id', 'key'])
    .execute();
  await fillSearchText(db as Kysely<Known>);
}

/** What this migration reads of the table, as it is at this level. */
interface Known {
  flags: { id: string; key: string; name: string; description: string; tags: string };
}

const BATCH_ROWS = 500;

async function fillSearchText(db: Kysely<Known>): Promise<void> {
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('flags')
      .select(['id', 'key', 'name', 'description', 'tags'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(BATCH_ROWS)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    const texts = rows.map((row) => {
      const text = searchTextOf({ ...row, tags: JSON.parse(row.tags) as string[] });
      return sql`(${row.id}, ${text})`;
    });
    await sql`
      update flags set search_text = filled.column2 from (values ${sql.join(texts)}) as filled
      where flags.id = filled.column1
    `.execute(db);
    after = last.id;
  }
}
