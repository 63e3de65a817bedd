import Sqlite from 'better-sqlite3';
import { DatabaseError } from 'pg';
import { OutcomeUnknown, StoreLost } from './store-error.ts';

/**
 * True when an error means that the database itself cannot be used (gone, full, unreadable, locked, too slow), not that
 * a statement was wrong.
 */
export function isStoreFailure(error: unknown): boolean {
  if (error instanceof Sqlite.SqliteError) {
    return /^SQLITE_(IOERR|FULL|CANTOPEN|READONLY|CORRUPT|NOTADB|BUSY|LOCKED|PERM|PROTOCOL|NOMEM)/.test(error.code);
  }
  if (error instanceof DatabaseError) return POSTGRES_FAILURES.test(error.code ?? '');
  if (error instanceof StoreLost || error instanceof OutcomeUnknown) return true;
  return (
    error instanceof Error && /database connection is not open|driver has already been destroyed/.test(error.message)
  );
}

/**
 * Classes and codes of PostgreSQL (its manual, appendix A): connections (08), read only, as after a failover (25006),
 * idle in a transaction for too long (25P03), log-in (28), no such database (3D), deadlocks and their like that trying
 * again did not get around (40), resources (53), locks not to be had in time (55P03), cancelled or shut down (57), the
 * system (58), corruption (XX).
 */
const POSTGRES_FAILURES = /^(08|25006|25P03|28|3D|40|53|55P03|57|58|XX)/;

/** True when the database is fine, but another transaction kept this one waiting for too long. */
export function isBusy(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '55P03';
}

/** True when a failure is over as soon as the database answers again. A full or broken disk is not. */
export function isPassing(error: unknown): boolean {
  return error instanceof DatabaseError
    ? !/^(53100|58|XX)/.test(error.code ?? '')
    : error instanceof StoreLost || error instanceof OutcomeUnknown;
}

/** What was read at the beginning of a transaction was changed by another one before this one wrote. */
export class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
}

/** True when what a transaction did collided with another one: done again, it sees what the other did. */
export function isCollision(error: unknown): boolean {
  if (error instanceof ChangedMeanwhile) return true;
  if (error instanceof DatabaseError) return ['40001', '40P01', '23505'].includes(error.code ?? '');
  return error instanceof Sqlite.SqliteError && /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(error.code);
}

/** True when a text holds what PostgreSQL cannot store: the character NUL. */
export function isUnstorableText(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '22021';
}
