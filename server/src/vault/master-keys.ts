import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { StoreError } from '../store/store-error.ts';
import { parseMasterKeys } from './parse-master-keys.ts';
import type { Key } from './sealed.ts';

export type MasterKeyConfig = Pick<Config, 'masterKey' | 'masterKeyFile' | 'dataDir' | 'databaseUrl'>;

const FILE_NAME = 'master.key';

/**
 * The master keys, the one to seal under first. They come from the configuration; with the embedded database and none
 * configured, from `master.key` in its folder, which is made when it is not there. Empty: nobody gave one.
 * @throws {StoreError} that says the fix
 */
export function findMasterKeys({ masterKey, masterKeyFile, dataDir, databaseUrl }: MasterKeyConfig): readonly Key[] {
  if (masterKey !== undefined) return parseMasterKeys(masterKey);
  if (masterKeyFile !== undefined) return readKeys(masterKeyFile);
  if (databaseUrl !== undefined) return [];
  return readOrMake(join(dataDir, FILE_NAME));
}

function readOrMake(path: string): readonly Key[] {
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600, flush: true });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(path, cause);
  }
  return readKeys(path);
}

function readKeys(path: string): readonly Key[] {
  try {
    return parseMasterKeys(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw unusable(path, cause);
  }
}

function unusable(path: string, cause: unknown): StoreError {
  return new StoreError(`Cannot use the master key file ${path}: ${(cause as Error).message}.`, { cause });
}
