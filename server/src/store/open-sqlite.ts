import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely';
import { lockFolder } from './lock-folder.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';
import type { Tables } from './tables.ts';

/**
 * How long a statement waits for another process (a backup, a shell) to let go of the file, in milliseconds. Short:
 * everything else of this process waits with it.
 */
const BUSY_TIMEOUT_MS = 1_000;

const MAX_STATEMENTS = 500;

/** The database's name in its folder. */
export const DATABASE_FILE = 'bunting.db';

/**
 * Opens the database in `dataDir`, and makes it where there is none.
 * @throws {StoreError} when the folder cannot be used, or another server uses it
 */
export function openSqlite(dataDir: string): Store {
  const { handle, release } = openFile(dataDir);
  const database = new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapt(handle) }) });
  const { destroy } = database;
  database.destroy = async () => {
    await destroy.call(database);
    // Kysely closes only what it has used.
    handle.close();
    release();
  };
  return { engine: 'sqlite', database };
}

/**
 * Opens the database in `dataDir` to read it only, also while a server uses it.
 * @returns undefined when there is none
 * @throws {StoreError} when it cannot be read
 */
export function openSqliteToRead(dataDir: string): Store | undefined {
  const file = join(dataDir, DATABASE_FILE);
  if (!existsSync(file)) return undefined;
  try {
    const handle = new Sqlite(file, { readonly: true, timeout: BUSY_TIMEOUT_MS });
    // Read once: a file that is no database fails here.
    handle.pragma('schema_version');
    return { engine: 'sqlite', database: new Kysely<Tables>({ dialect: new SqliteDialect({ database: handle }) }) };
  } catch (error) {
    throw new StoreError(`Cannot read the database in ${dataDir}: ${(error as Error).message}.`, { cause: error });
  }
}

/** How long a command at the shell waits for a server to let go of the file, in milliseconds. */
const PATIENT_TIMEOUT_MS = 10_000;

/**
 * Opens the database in `dataDir` to write to it also while a server uses it: only what no server keeps in memory.
 * @returns undefined when there is none
 */
export function openSqliteBeside(dataDir: string): Store | undefined {
  const file = join(dataDir, DATABASE_FILE);
  if (!existsSync(file)) return undefined;
  const handle = configure(new Sqlite(file, { fileMustExist: true }));
  handle.pragma(`busy_timeout = ${PATIENT_TIMEOUT_MS}`);
  return {
    engine: 'sqlite',
    database: new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapt(handle) }) }),
  };
}

/**
 * What Kysely works on. Transactions take the write lock when they begin: one that read first could not get it later
 * and would fail. Statements are kept, for preparing one costs as much as most of them take to run.
 */
function adapt(handle: Sqlite.Database): SqliteDatabase {
  const statements = new Map<string, Sqlite.Statement>();
  return {
    prepare(sql) {
      let statement = statements.get(sql);
      if (statement === undefined) {
        // A list of values makes a statement of each length, so their number is bounded.
        if (statements.size === MAX_STATEMENTS) statements.clear();
        statement = handle.prepare(sql === 'begin' ? 'begin immediate' : sql);
        statements.set(sql, statement);
      }
      return statement;
    },
    close: () => handle.close(),
  };
}

function openFile(dataDir: string): { handle: Sqlite.Database; release: () => void } {
  let release = () => {};
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    release = lockFolder(dataDir);
    return { handle: configure(new Sqlite(join(dataDir, DATABASE_FILE))), release };
  } catch (error) {
    release();
    if (error instanceof StoreError) throw error;
    throw new StoreError(
      `Cannot open the database in ${dataDir}: ${(error as Error).message}. ` +
        'Check that the folder exists and is writable, or choose another with --data-dir (BUNTING_DATA_DIR).',
      { cause: error },
    );
  }
}

function configure(handle: Sqlite.Database): Sqlite.Database {
  handle.pragma('journal_mode = WAL');
  // On every open: a database in WAL mode falls back to NORMAL, which loses acknowledged commits at a power cut.
  handle.pragma('synchronous = FULL');
  handle.pragma('foreign_keys = ON');
  handle.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  // SQLite's own knows ASCII only: no search would find "Élodie". No index is made with it.
  handle.function('lower', { deterministic: true }, (value) =>
    typeof value === 'string' ? value.toLowerCase() : value,
  );
  return handle;
}
