import { chmodSync, copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { copyStore } from './copy.ts';
import { migrate } from './migrations.ts';
import { DATABASE_FILE, openSqlite, openSqliteToRead } from './open-sqlite.ts';
import { explain, openMigrated, openUnhurried, type StoreConfig } from './open-store.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';

type Report = (line: string) => void;

/**
 * `bunting-server backup --to FILE`: writes all that an installation holds into one file, an SQLite database, whichever engine
 * it runs on; also while servers use it. What was acknowledged before it began is in it.
 * @throws {StoreError} when the file is there already, or the installation cannot be read
 */
export async function runBackup(file: string, config: StoreConfig, report: Report): Promise<void> {
  if (existsSync(file))
    throw new StoreError(`${file} is there already. Name a new file with --to; none is overwritten.`);
  const source = openSource(config);
  try {
    await inWorkshop(dirname(resolve(file)), async (folder) => {
      const target = openSqlite(folder);
      try {
        await migrate(target);
        await copyStore(source, target, report);
      } finally {
        await target.database.destroy();
      }
      chmodSync(join(folder, DATABASE_FILE), 0o600);
      // Beside the file, so this is one step.
      renameSync(join(folder, DATABASE_FILE), file);
    });
  } catch (error) {
    throw explain(error, config);
  } finally {
    await source.database.destroy();
  }
}

/**
 * `bunting-server restore --from FILE`: fills an empty database with a backup, also one that an earlier version wrote. Environments
 * begin a new incarnation, so SDKs can never take the restored revisions for those that came after the backup.
 * @throws {StoreError} when the file is no backup, or the database is not empty
 */
export async function runRestore(file: string, config: StoreConfig, report: Report): Promise<void> {
  if (!existsSync(file)) throw new StoreError(`There is no ${file}. Name the backup with --from.`);
  // Migrated as a copy: a backup stays as it was written.
  await inWorkshop(tmpdir(), async (folder) => {
    copyFileSync(file, join(folder, DATABASE_FILE));
    const source = openBackup(folder, file);
    try {
      await migrate(source);
      const target = await openTarget(config);
      try {
        await copyStore(source, target, report);
      } catch (error) {
        throw explain(error, config);
      } finally {
        await target.database.destroy();
      }
    } finally {
      await source.database.destroy();
    }
  });
}

function openSource(config: StoreConfig): Store {
  if (config.databaseUrl !== undefined) return openUnhurried(config);
  const source = openSqliteToRead(config.dataDir);
  if (source !== undefined) return source;
  throw new StoreError(
    `There is no database in ${config.dataDir}. Give the data folder with --data-dir, or DATABASE_URL.`,
  );
}

async function openTarget(config: StoreConfig): Promise<Store> {
  const store = await openMigrated(config);
  if (store.engine === 'sqlite') return store;
  await store.database.destroy();
  return openUnhurried(config);
}

function openBackup(folder: string, file: string): Store {
  try {
    return openSqlite(folder);
  } catch (cause) {
    throw new StoreError(`${file} is no backup of Bunting: ${(cause as Error).message}`, { cause });
  }
}

/** In a folder that nobody else reads. */
async function inWorkshop(parent: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(parent, '.bunting-backup-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
