import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject, onTestFinished, test } from 'vitest';
import type { Store } from '../store/store.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL of a PostgreSQL for these tests, its own database migrated; empty where there is none. */
    postgresUrl: string;
  }
}

/** Undefined in the project that runs the tests on SQLite. */
const postgresUrl = inject('postgresUrl') as string | undefined;

/** What the tests of this project run on. */
export const engine: Store['engine'] = postgresUrl === undefined ? 'sqlite' : 'postgres';

/** A test of what can be brought about on SQLite only; in the project of PostgreSQL there is no such test. */
export const onSqlite: (name: string, run: () => Promise<void>, timeoutMs?: number) => void =
  engine === 'sqlite' ? test : () => {};

/** False: the tests are to be skipped. Why was printed when the project began. */
export const isEngineAvailable = postgresUrl !== '';

interface NewDatabaseOptions {
  readonly migrated?: boolean;
  /** Default: when the test has ended. */
  readonly onEnd?: (drop: () => Promise<void>) => void;
}

/** Makes a PostgreSQL database that goes with the test. @returns its URL */
export async function newDatabase({
  migrated = true,
  onEnd = onTestFinished,
}: NewDatabaseOptions = {}): Promise<string> {
  if (!postgresUrl) throw new Error('there is no PostgreSQL in this project of tests');
  const template = migrated ? 'postgres' : 'template0';
  const name = `test_${randomBytes(6).toString('hex')}`;
  await run(`create database ${name} template ${template} strategy file_copy`);
  onEnd(() => run(`drop database if exists ${name} with (force)`));
  return Object.assign(new URL(postgresUrl), { pathname: `/${name}` }).href;
}

/** Not over the database `postgres`: one that is copied must have no connections. */
async function run(sql: string): Promise<void> {
  const client = new Client({
    connectionString: Object.assign(new URL(postgresUrl ?? ''), { pathname: '/template1' }).href,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
