import { copyStore } from './copy.ts';
import { lockFolder } from './lock-folder.ts';
import { migrate } from './migrations.ts';
import { openSqliteToRead } from './open-sqlite.ts';
import { explain, openUnhurried, type StoreConfig } from './open-store.ts';
import { StoreError } from './store-error.ts';

/**
 * `bunting-server copy --from FOLDER --to URL`: moves an installation from SQLite to PostgreSQL. The source is only read,
 * and locked, so that no server writes to it meanwhile.
 * @param config the target
 */
export async function runCopy(fromDir: string, config: StoreConfig, report: (line: string) => void): Promise<void> {
  const source = openSqliteToRead(fromDir);
  if (source === undefined)
    throw new StoreError(`There is no database in ${fromDir}. Give the data folder with --from.`);
  try {
    const release = lockFolder(fromDir);
    const target = openUnhurried(config);
    try {
      await migrate(target);
      await copyStore(source, target, report);
      report('done: give its servers the same master key (BUNTING_MASTER_KEY, or a copy of master.key in the folder)');
    } catch (error) {
      throw explain(error, config);
    } finally {
      await target.database.destroy();
      release();
    }
  } finally {
    await source.database.destroy();
  }
}
