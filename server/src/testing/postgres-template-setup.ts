import type { TestProject } from 'vitest/node';
import { readConfig } from '../config/read-config.ts';
import { openMigrated } from '../store/open-store.ts';

/** Makes the database that each test copies: migrated already. */
export async function setup(project: TestProject): Promise<void> {
  const url = project.getProvidedContext().postgresUrl;
  if (url === '') return;
  const { database } = await openMigrated({ ...readConfig(), databaseUrl: url });
  await database.destroy();
}
