import { type Kysely, sql } from 'kysely';

/**
 * What environments served at each revision, and how flags were killed at each moment. It begins where environments are
 * now; of kills, with the latest of each flag.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The revision since which an item is as it is; null: since before this migration.
  await db.schema.alterTable('ruleset_items').addColumn('number', 'bigint').execute();

  await db.schema
    .createTable('item_history')
    .addColumn('environment_id', 'text', (column) => column.notNull().references('environments.id').onDelete('cascade'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('from_number', 'bigint', (column) => column.notNull())
    .addColumn('to_number', 'bigint', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('item_history_key', ['environment_id', 'to_number', 'kind', 'key'])
    .execute();

  await db.schema
    .createTable('revisions')
    .addColumn('environment_id', 'text', (column) => column.notNull().references('environments.id').onDelete('cascade'))
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addColumn('incarnation', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('committed_at', 'bigint', (column) => column.notNull())
    .addColumn('change_id', 'text')
    .addColumn('items', 'text')
    .addColumn('former_incarnation', 'text')
    .addPrimaryKeyConstraint('revisions_key', ['environment_id', 'number'])
    .execute();
  await db.schema
    .createIndex('revisions_by_time')
    .on('revisions')
    .columns(['environment_id', 'committed_at'])
    .execute();
  await sql`insert into revisions (environment_id, number, incarnation, hash, committed_at)
    select id, number, incarnation, hash, committed_at from environments`.execute(db);

  await db.schema
    .createTable('kill_history')
    .addColumn('event_id', 'text', (column) => column.primaryKey())
    .addColumn('environment_id', 'text', (column) => column.notNull().references('environments.id').onDelete('cascade'))
    .addColumn('flag_key', 'text', (column) => column.notNull())
    .addColumn('epoch', 'bigint', (column) => column.notNull())
    .addColumn('engaged', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('kill_history_by_time').on('kill_history').columns(['environment_id', 'at']).execute();
  await sql`insert into kill_history (event_id, environment_id, flag_key, epoch, engaged, at)
    select event_id, environment_id, flag_key, epoch, engaged, at from kills`.execute(db);
}
