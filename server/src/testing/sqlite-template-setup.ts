import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { readConfig } from '../config/read-config.ts';
import { DATABASE_FILE } from '../store/open-sqlite.ts';
import { openMigrated } from '../store/open-store.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A SQLite database, migrated already. */
    sqliteTemplate: string;
  }
}

let folder: string | undefined;

/** Makes the database that each test copies: to migrate one takes as long as all the rest of a server's start. */
export async function setup(project: TestProject): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'bunting-template-'));
  const { database } = await openMigrated({ ...readConfig(), databaseUrl: undefined, dataDir: folder });
  await database.destroy();
  project.provide('sqliteTemplate', join(folder, DATABASE_FILE));
}

export function teardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
