import { z } from 'zod';
import type { Source } from './config.ts';
import { whole } from './whole.ts';

const url = z
  .string()
  .regex(/^postgres(ql)?:\/\/[^\s]+$/, 'give a URL such as postgres://user:password@host:5432/database')
  .refine((value) => URL.canParse(value), 'give a URL; write special characters in the password as %XX');
const timeoutMs = (max: number) => whole(`give milliseconds between 1 and ${max}`, 1, max);

/** The settings of PostgreSQL. */
export const databaseSettings = {
  /** The database, when it is PostgreSQL; it may lead through a pooler in transaction mode. Default: SQLite in `dataDir`. */
  databaseUrl: url.optional(),
  /** The same database without a pooler, for LISTEN. Default: `databaseUrl`. */
  databaseListenUrl: url.optional(),
  /** Connections at most, besides the one that listens. */
  databasePoolSize: whole('give a number between 1 and 1000', 1, 1_000).default(10),
  /** How long connecting, or waiting for a free connection, may take. */
  databaseConnectTimeoutMs: timeoutMs(60_000).default(2_000),
  /** How long one statement may take. */
  databaseStatementTimeoutMs: timeoutMs(600_000).default(5_000),
  /** How long a statement may wait for another transaction. */
  databaseLockTimeoutMs: timeoutMs(600_000).default(3_000),
  /** How long a transaction may wait for its next statement. */
  databaseIdleTransactionTimeoutMs: timeoutMs(600_000).default(10_000),
  /** How often to look for other servers' changes that no notification told of. */
  databasePollMs: timeoutMs(60_000).default(1_000),
};

export const DATABASE_SOURCES = {
  databaseUrl: { variable: 'BUNTING_DATABASE_URL', alias: 'DATABASE_URL' },
  databaseListenUrl: { variable: 'BUNTING_DATABASE_LISTEN_URL' },
  databasePoolSize: { variable: 'BUNTING_DATABASE_POOL_SIZE' },
  databaseConnectTimeoutMs: { variable: 'BUNTING_DATABASE_CONNECT_TIMEOUT_MS' },
  databaseStatementTimeoutMs: { variable: 'BUNTING_DATABASE_STATEMENT_TIMEOUT_MS' },
  databaseLockTimeoutMs: { variable: 'BUNTING_DATABASE_LOCK_TIMEOUT_MS' },
  databaseIdleTransactionTimeoutMs: { variable: 'BUNTING_DATABASE_IDLE_TRANSACTION_TIMEOUT_MS' },
  databasePollMs: { variable: 'BUNTING_DATABASE_POLL_MS' },
} satisfies Readonly<Record<keyof typeof databaseSettings, Source>>;
