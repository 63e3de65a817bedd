import type { TestProject } from 'vitest/node';
import { type Postgres, startPostgresFor } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL of a PostgreSQL for these tests; empty where there is none. */
    postgresUrl: string;
  }
}

let postgres: Postgres | undefined;

/** Starts one PostgreSQL for all tests of a project. It keeps nothing, so it need not wait for a disk. */
export async function setup(project: TestProject): Promise<void> {
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' };
  postgres = await startPostgresFor(`the project ${project.name}`, { settings });
  project.provide('postgresUrl', postgres?.url ?? '');
}

export async function teardown(): Promise<void> {
  await postgres?.stop();
}
