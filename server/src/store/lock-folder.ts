import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { StoreError } from './store-error.ts';

/**
 * Takes the data folder for this process, so that two servers never count revisions in one database without knowing
 * of each other. The lock is SQLite's own, on a file of its own: the operating system frees it when the process dies,
 * and backups of the database itself stay possible.
 * @returns a function that gives the folder back
 * @throws {StoreError} when another process has it
 */
export function lockFolder(dataDir: string): () => void {
  const handle = new Sqlite(join(dataDir, 'bunting.lock'), { timeout: 0 });
  try {
    handle.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    handle.close();
    if (!(error instanceof Sqlite.SqliteError) || error.code !== 'SQLITE_BUSY') throw error;
    throw new StoreError(
      `Another bunting-server uses the data folder ${dataDir}. Stop it, or start this one with another --data-dir.`,
    );
  }
  return () => handle.close();
}
