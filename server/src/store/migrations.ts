import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { up as foundation } from './migrations/0001-foundation.ts';
import { up as prerequisites } from './migrations/0002-prerequisites-targets-schema.ts';
import { up as kills } from './migrations/0004-kills.ts';
import { up as servers } from './migrations/0005-servers.ts';
import { StoreError } from './store-error.ts';
import type { Database } from './tables.ts';

/** All migrations, by name; they run in this order and are never edited once released. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-foundation': { up: foundation },
  '0002-prerequisites-targets-schema': { up: prerequisites },
  '0004-kills': { up: kills },
  '0005-servers': { up: servers },
};

const MIGRATION_TABLE = 'migrations';

/**
 * Brings the database to this version, in one transaction.
 * @throws {StoreError} when a newer version of Bunting made the database.
 */
export async function migrate(database: Database): Promise<void> {
  const unknown = (await appliedMigrations(database)).filter((name) => !(name in MIGRATIONS));
  if (unknown.length > 0) {
    throw new StoreError(
      `The database was made by a newer version of Bunting: this one does not know its migration ${unknown[0]}. ` +
        'Start the newer version, or restore a backup from before the upgrade.',
    );
  }
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: 'migrations_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

async function appliedMigrations(database: Database): Promise<string[]> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === MIGRATION_TABLE)) return [];
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)}`.execute(database);
  return rows.map((row) => row.name);
}
