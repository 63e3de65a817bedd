import type { Kysely } from 'kysely';

/** Second factors of people, and what the installation asks of who signs in. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('second_factors')
    .addColumn('user_id', 'text', (column) => column.primaryKey().references('users.id').onDelete('cascade'))
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('confirmed_at', 'bigint')
    .addColumn('last_step', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('recovery_codes')
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('code_hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('recovery_codes_key', ['user_id', 'code_hash'])
    .execute();
  await schema
    .createTable('sign_in_policy')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('require_second_factor', 'integer', (column) => column.notNull())
    .execute();
  await schema
    .alterTable('sessions')
    .addColumn('strong', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await schema
    .alterTable('password_links')
    .addColumn('drops_second_factor', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
