import type { Static } from '@sinclair/typebox';
import { hashSecret, newSecret } from '../access/secrets.ts';
import { type Caller, SYSTEM } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import type { Environments } from '../environments/service.ts';
import { notFound } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { coalesce } from '../store/coalesce.ts';
import { readCounter } from '../store/counters.ts';
import { newId } from '../store/new-id.ts';
import { inSnapshot } from '../store/snapshot.ts';
import type { Database, KeyRow } from '../store/tables.ts';
import type { KeyKind, KeyRing, KnownKey } from './key-ring.ts';
import { findKey, findKeyByHash, findKeys, findValidKeys, insertKey, revokeKey } from './repository.ts';
import type { KeyInput, KeySchema, NewKeySchema } from './schemas.ts';

export type SdkKey = Static<typeof KeySchema>;
export type NewSdkKey = Static<typeof NewKeySchema>;

const PREFIXES: Readonly<Record<KeyKind, string>> = {
  server: 'bnt_srv_',
  client: 'bnt_cli_',
  relay: 'bnt_rly_',
  admin: 'bnt_adm_',
};
/** How much of a secret is kept to recognise it by: the prefix and 4 of its 43 random characters. */
const VISIBLE_LENGTH = 12;

/** SDK keys of environments, and the admin keys. */
export class Keys {
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #environments: Environments;
  readonly #ring: KeyRing;
  /** Reads the valid keys into memory: those of all servers. */
  readonly catchUp = coalesce(() => this.#load());
  /** The count of the latest commit of this server that is in memory already. */
  #ownCount = 0;
  /** The count of what was read last. */
  #readCount = -1;

  constructor(database: Database, changes: Changes, environments: Environments, ring: KeyRing) {
    this.#database = database;
    this.#changes = changes;
    this.#environments = environments;
    this.#ring = ring;
  }

  /** The count up to which other servers' changes are known. */
  get knownCount(): number {
    return this.#readCount;
  }

  async list(
    project: string,
    environment: string,
    { cursor, limit = DEFAULT_LIMIT }: PageRequest,
  ): Promise<Page<SdkKey>> {
    const [afterId] = readCursor(cursor, ['string']) ?? [];
    const place = await this.#environments.find(project, environment);
    const rows = await findKeys(this.#database, place.environment.id, { afterId, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.id]);
    return { ...page, items: page.items.map(toSdkKey) };
  }

  async create(
    caller: Caller,
    project: string,
    environment: string,
    input: Static<typeof KeyInput>,
  ): Promise<NewSdkKey> {
    const { result } = await this.#changes.commit(caller, async (draft) => {
      const place = await this.#environments.find(project, environment, draft.tx);
      return addKey(draft, { project, environment, environmentId: place.environment.id }, input);
    });
    this.admit(result);
    return { ...toSdkKey(result.row), secret: result.secret };
  }

  /** Takes a key that was committed into memory. */
  admit({ row, count }: NewKey): void {
    this.#ownCount = Math.max(this.#ownCount, count);
    this.#ring.add(row.secret_hash, toKnownKey(row));
  }

  /** Ends a key for good; its open sockets are closed. Revoking twice is fine. */
  async revoke(caller: Caller, project: string, environment: string, id: string): Promise<void> {
    const { result: count } = await this.#changes.commit(caller, async (draft) => {
      const place = await this.#environments.find(project, environment, draft.tx);
      const row = await findKey(draft.tx, place.environment.id, id);
      if (row === undefined) throw notFound(`key "${id}" in environment "${environment}"`);
      if (row.revoked_at !== null) return 0;
      await revokeKey(draft.tx, id, draft.atMs);
      const target = { kind: 'key', key: id };
      const { kind, name, prefix } = row;
      await draft.audit({ action: 'key.revoked', project, environment, target, before: { kind, name, prefix } });
      return draft.count('keys');
    });
    this.#ownCount = Math.max(this.#ownCount, count);
    this.#ring.revoke(id);
  }

  /** Makes sure that there is an admin key with this secret. One that was revoked stays revoked. */
  async ensureAdminKey(secret: string): Promise<void> {
    const secretHash = hashSecret(secret);
    const { result } = await this.#changes.commit(SYSTEM, async (draft) => {
      if ((await findKeyByHash(draft.tx, secretHash)) !== undefined) return undefined;
      return insertNewKey(draft, { kind: 'admin', name: 'Bootstrap admin key', secret, environmentId: null });
    });
    if (result !== undefined) this.admit(result);
    // Another server may have made it a moment ago.
    else await this.catchUp();
  }

  async #load(): Promise<void> {
    for (;;) {
      const { count, rows } = await inSnapshot(this.#database, async (tx) => ({
        count: await readCounter(tx, 'keys'),
        rows: await findValidKeys(tx),
      }));
      // A key was made or revoked here meanwhile; what was read does not know of it.
      if (count < this.#ownCount) continue;
      this.#ring.replaceAll(rows.map((row) => ({ hash: row.secret_hash, key: toKnownKey(row) })));
      this.#readCount = count;
      return;
    }
  }
}

/** A key that was made, and the count that stands for the transaction that made it. */
export interface NewKey {
  readonly row: KeyRow;
  readonly count: number;
}

export interface KeyPlace {
  readonly project: string;
  readonly environment: string;
  readonly environmentId: string;
}

/** Makes an SDK key inside a draft. */
export async function addKey(
  draft: Draft,
  { project, environment, environmentId }: KeyPlace,
  { kind, name }: Static<typeof KeyInput>,
): Promise<NewKey & { secret: string }> {
  const secret = PREFIXES[kind] + newSecret();
  return { ...(await insertNewKey(draft, { kind, name, secret, environmentId }, { project, environment })), secret };
}

async function insertNewKey(
  draft: Draft,
  { kind, name, secret, environmentId }: { kind: KeyKind; name: string; secret: string; environmentId: string | null },
  place: { readonly project?: string; readonly environment?: string } = {},
): Promise<NewKey> {
  const row: KeyRow = {
    id: newId(draft.atMs),
    environment_id: environmentId,
    kind,
    name,
    prefix: secret.slice(0, VISIBLE_LENGTH),
    secret_hash: hashSecret(secret),
    created_at: draft.atMs,
    revoked_at: null,
  };
  await insertKey(draft.tx, row);
  const { prefix } = row;
  await draft.audit({
    action: 'key.created',
    ...place,
    target: { kind: 'key', key: row.id },
    after: { kind, name, prefix },
  });
  return { row, count: await draft.count('keys') };
}

function toKnownKey({ id, kind, name, environment_id }: KeyRow): KnownKey {
  return { id, kind: kind as KeyKind, name, environmentId: environment_id };
}

function toSdkKey({ id, kind, name, prefix, created_at, revoked_at }: KeyRow): SdkKey {
  return {
    id,
    kind: kind as SdkKey['kind'],
    name,
    prefix,
    createdAt: toTimestamp(created_at),
    revokedAt: revoked_at === null ? null : toTimestamp(revoked_at),
  };
}
