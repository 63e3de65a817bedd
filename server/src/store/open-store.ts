import type { Config } from '../config/config.ts';
import { migrate } from './migrations.ts';
import { openPostgres, type PostgresSettings } from './open-postgres.ts';
import { openSqlite } from './open-sqlite.ts';
import type { Store } from './store.ts';
import { StoreError, StoreLost } from './store-error.ts';

export type StoreConfig = Pick<
  Config,
  | 'dataDir'
  | 'databaseUrl'
  | 'databasePoolSize'
  | 'databaseConnectTimeoutMs'
  | 'databaseStatementTimeoutMs'
  | 'databaseLockTimeoutMs'
  | 'databaseIdleTransactionTimeoutMs'
>;

/** Opens the database as it is: PostgreSQL where the configuration names one, else SQLite in the data folder. */
export function openStore(config: StoreConfig, onIdleError: (error: Error) => void = () => {}): Store {
  const { dataDir, databaseUrl } = config;
  if (databaseUrl === undefined) return openSqlite(dataDir);
  return openPostgres({ ...toSettings(config), url: databaseUrl }, onIdleError);
}

/**
 * Opens the database, brought to this version's schema.
 * @throws {StoreError} when it cannot be used as it is; the message says what to do
 */
export async function openMigrated(config: StoreConfig, onIdleError?: (error: Error) => void): Promise<Store> {
  const store = openStore(config, onIdleError);
  try {
    await migrateStore(config, store);
    return store;
  } catch (error) {
    await store.database.destroy();
    throw explain(error, config);
  }
}

/** Migrates an open store. */
export async function migrateStore(config: StoreConfig, store: Store): Promise<string[]> {
  if (store.engine === 'sqlite') return migrate(store);
  const unhurried = openUnhurried(config);
  try {
    return await migrate(unhurried);
  } finally {
    await unhurried.database.destroy();
  }
}

/** The same database over a connection of its own, on which a statement may take its time. */
export function openUnhurried(config: StoreConfig): Store {
  const url = config.databaseUrl;
  if (url === undefined) return openSqlite(config.dataDir);
  const settings = { ...toSettings(config), url, poolSize: 1, statementMs: 0, idleTransactionMs: 0 };
  return openPostgres(settings, () => {});
}

/** Says how to get out of a database that cannot be reached. The URL may hold a password: only its place is shown. */
export function explain(error: unknown, { databaseUrl }: StoreConfig): unknown {
  if (databaseUrl === undefined || error instanceof StoreError) return error;
  const isLost = error instanceof StoreLost;
  const code = (error as { code?: unknown }).code;
  if (!isLost && !(typeof code === 'string' && /^(28|3D|3F|42501|08|53|57)/.test(code))) return error;
  return new StoreError(
    `Cannot use PostgreSQL at ${placeOf(databaseUrl)}: ${(error as Error).message}. ` +
      'Check DATABASE_URL, that the server runs and lets this one in, and that the user may create tables.',
    { cause: error },
  );
}

function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

function toSettings(config: StoreConfig): Omit<PostgresSettings, 'url'> {
  return {
    poolSize: config.databasePoolSize,
    connectMs: config.databaseConnectTimeoutMs,
    statementMs: config.databaseStatementTimeoutMs,
    lockMs: config.databaseLockTimeoutMs,
    idleTransactionMs: config.databaseIdleTransactionTimeoutMs,
  };
}
