import { findPending } from './migrations.ts';
import { openSqliteToRead } from './open-sqlite.ts';
import { explain, migrateStore, openStore, type StoreConfig } from './open-store.ts';
import type { Store } from './store.ts';

type Print = (line: string) => void;

/**
 * `bunting-server migrate`: brings the database to this version, and says what that took.
 * @returns the exit code
 */
export async function runMigrate(config: StoreConfig, print: Print): Promise<number> {
  const store = openStore(config);
  try {
    const applied = await migrateStore(config, store);
    for (const name of applied) print(`applied ${name}`);
    if (applied.length === 0) print('nothing to apply: the database is up to date');
    return 0;
  } catch (error) {
    throw explain(error, config);
  } finally {
    await store.database.destroy();
  }
}

/**
 * `bunting-server migrate --check`: says what `migrate` would apply. Writes nothing, also where there is no database yet.
 * @returns the exit code: 0 when nothing is pending, else 1
 */
export async function checkMigrations(config: StoreConfig, print: Print): Promise<number> {
  const store = config.databaseUrl === undefined ? openSqliteToRead(config.dataDir) : openStore(config);
  try {
    const pending = await findPending(store && toPlace(store));
    for (const name of pending) print(`pending ${name}`);
    if (pending.length === 0) print('nothing is pending: the database is up to date');
    return pending.length === 0 ? 0 : 1;
  } catch (error) {
    throw explain(error, config);
  } finally {
    await store?.database.destroy();
  }
}

function toPlace({ engine, database }: Store) {
  return { engine, db: database };
}
