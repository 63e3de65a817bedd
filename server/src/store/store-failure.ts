import Sqlite from 'better-sqlite3';

/**
 * True when an error means that the database itself cannot be used (gone, full, unreadable, locked), not that a
 * statement was wrong.
 */
export function isStoreFailure(error: unknown): boolean {
  if (error instanceof Sqlite.SqliteError) {
    return /^SQLITE_(IOERR|FULL|CANTOPEN|READONLY|CORRUPT|NOTADB|BUSY|LOCKED|PERM|PROTOCOL|NOMEM)/.test(error.code);
  }
  return (
    error instanceof Error && /database connection is not open|driver has already been destroyed/.test(error.message)
  );
}
