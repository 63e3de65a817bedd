import type { Database, DatabaseTransaction } from './tables.ts';

/** Reads several things as they were at one moment, whatever others commit meanwhile. */
export function inSnapshot<T>(database: Database, read: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
  return database.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read);
}
