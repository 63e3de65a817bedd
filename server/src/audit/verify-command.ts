import { readFileSync } from 'node:fs';
import { findPending } from '../store/migrations.ts';
import { openSqliteToRead } from '../store/open-sqlite.ts';
import { explain, openUnhurried, type StoreConfig } from '../store/open-store.ts';
import { StoreError } from '../store/store-error.ts';
import { verifyAudit } from './verification.ts';

type Print = (line: string) => void;

/**
 * `bunting-server verify-audit`: recomputes the chains of audit events, and says what that proves. Reads only, also while
 * servers run.
 * @param checkpointFile checkpoints that were kept elsewhere, a line each
 * @returns the exit code: 0 when nothing was found that is not as it was written, else 1
 */
export async function runVerifyAudit(
  config: StoreConfig,
  checkpointFile: string | undefined,
  print: Print,
): Promise<number> {
  const kept = checkpointFile === undefined ? undefined : readKept(checkpointFile);
  const store = config.databaseUrl === undefined ? openSqliteToRead(config.dataDir) : openUnhurried(config);
  if (store === undefined) throw new StoreError(`There is no database in ${config.dataDir}. Name it with --data-dir.`);
  try {
    const [pending] = await findPending({ engine: store.engine, db: store.database });
    if (pending !== undefined) {
      throw new StoreError(
        `The database lacks the migration ${pending}. Bring it to this version: bunting-server migrate`,
      );
    }
    const { intact, chains, problems, findings, publicKeys } = await verifyAudit(store.database, kept);
    for (const { chain, problems: found } of chains) {
      for (const { seq, event, message } of found) print(`WRONG  ${chain}, event ${seq} ${event ?? ''}: ${message}`);
    }
    for (const { checkpoint, message } of problems) print(`WRONG  checkpoint ${checkpoint}: ${message}`);
    for (const finding of findings) print(finding);
    for (const key of publicKeys) print(`Checkpoints are signed with ${key}.`);
    return intact ? 0 : 1;
  } catch (error) {
    throw explain(error, config);
  } finally {
    await store.database.destroy();
  }
}

function readKept(path: string) {
  try {
    return { name: path, checkpoints: readFileSync(path, 'utf8').split('\n') };
  } catch (cause) {
    throw new StoreError(`Cannot read the checkpoints in ${path}: ${(cause as Error).message}.`, { cause });
  }
}
