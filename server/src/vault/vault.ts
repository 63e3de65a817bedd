import { randomBytes } from 'node:crypto';
import { ApiError } from '../http/api-error.ts';
import { StoreError } from '../store/store-error.ts';
import type { DataKeyRow } from '../store/tables/installation.ts';
import type { Querier } from '../store/tables.ts';
import { ensureDataKey, findDataKey, replaceSealed } from './repository.ts';
import { type Key, nameOf, seal, sealedUnder, unseal } from './sealed.ts';

/** There is one data key; the name leaves room for more. */
const ID = 'first';
const PURPOSE = 'data-key';

/**
 * Keeps secrets that must be read back (of webhooks, second factors, single sign-on, context proofs) encrypted. They are
 * sealed under a data key, which is stored sealed under the master key: so the master key can be replaced without
 * touching anything else, and a copy of the database alone tells no secret.
 */
export class Vault {
  /** Undefined while nobody gave a master key. */
  readonly #dataKey: Key | undefined;

  constructor(dataKey: Key | undefined) {
    this.#dataKey = dataKey;
  }

  /**
   * @param purpose the place of the secret, such as `context-proof:<environment id>`; it opens for the same only
   * @throws {ApiError} `vault_locked`
   */
  seal(purpose: string, plaintext: string): string {
    return seal(this.#unlocked(), purpose, plaintext);
  }

  /** @throws {ApiError} `vault_locked` @throws {SealError} when it was changed or is from another place */
  open(purpose: string, sealed: string): string {
    return unseal(this.#unlocked(), purpose, sealed);
  }

  #unlocked(): Key {
    if (this.#dataKey !== undefined) return this.#dataKey;
    throw new ApiError(
      'vault_locked',
      'This needs a master key, under which secrets are kept. Set BUNTING_MASTER_KEY (or BUNTING_MASTER_KEY_FILE) to the same on every server, `openssl rand -base64 32` makes one, and start them anew.',
    );
  }
}

/**
 * Opens the vault of an installation, and makes it on the first start with a master key. A data key that an earlier
 * master key sealed is sealed anew under the first one.
 * @param masterKeys the one to seal under first, then earlier ones
 * @throws {StoreError} when none of them opens the vault
 */
export async function openVault(db: Querier, masterKeys: readonly Key[]): Promise<Vault> {
  const [masterKey] = masterKeys;
  if (masterKey === undefined) {
    if ((await findDataKey(db)) !== undefined) throw wrongMasterKey('none is set');
    return new Vault(undefined);
  }
  const offered = { id: ID, sealed: seal(masterKey, PURPOSE, randomBytes(32).toString('base64')) };
  const stored = await ensureDataKey(db, offered);
  const dataKey = readDataKey(stored, masterKeys);
  if (sealedUnder(stored.sealed) !== nameOf(masterKey)) {
    await replaceSealed(db, { id: ID, sealed: seal(masterKey, PURPOSE, dataKey.toString('base64')) });
  }
  return new Vault(dataKey);
}

function readDataKey({ sealed }: DataKeyRow, masterKeys: readonly Key[]): Key {
  const masterKey = masterKeys.find((key) => nameOf(key) === sealedUnder(sealed));
  if (masterKey === undefined) throw wrongMasterKey('it is another one');
  try {
    return Buffer.from(unseal(masterKey, PURPOSE, sealed), 'base64');
  } catch (cause) {
    throw new StoreError(`The data key in the database cannot be opened: ${(cause as Error).message}.`, { cause });
  }
}

function wrongMasterKey(what: string): StoreError {
  return new StoreError(
    `The secrets in the database were sealed under a master key, and ${what}. Set BUNTING_MASTER_KEY (or BUNTING_MASTER_KEY_FILE) to the key that was used before; ` +
      'to replace it, put the new one in front: new,old. A database that was copied from SQLite needs the key in `master.key` of its folder.',
  );
}
