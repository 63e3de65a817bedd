import { statfsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { type Postgres, startPostgres, startPostgresFor } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL of a PostgreSQL for these tests; empty where there is none. */
    postgresUrl: string;
  }
}

let postgres: Postgres | undefined;

/** A file system in memory, as Linux has it. */
const MEMORY = '/dev/shm';
/** A test's database takes 10 MB, and what was written a while 1 GB at most. */
const MEMORY_BYTES = 3 * 1024 ** 3;

/**
 * Starts one PostgreSQL for all tests of a project. It keeps nothing, so it need not wait for a disk: where there is room it
 * has none. To copy a database of 100 tables takes 20 ms then, and 150 otherwise.
 */
export async function setup(project: TestProject): Promise<void> {
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' };
  const what = `the project ${project.name}`;
  if (hasRoom(MEMORY)) postgres = await startPostgres({ settings, parent: MEMORY }).catch(() => undefined);
  postgres ??= await startPostgresFor(what, { settings });
  project.provide('postgresUrl', postgres?.url ?? '');
}

export async function teardown(): Promise<void> {
  await postgres?.stop();
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= MEMORY_BYTES;
  } catch {
    return false;
  }
}
