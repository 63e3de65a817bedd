import type { Static } from '@sinclair/typebox';
import { hashSecret, newSecret } from '../access/secrets.ts';
import { type Caller, SYSTEM } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import type { Environments } from '../environments/service.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { coalesce } from '../store/coalesce.ts';
import { readCounter } from '../store/counters.ts';
import { newId } from '../store/new-id.ts';
import { inSnapshot } from '../store/snapshot.ts';
import type { KeyRow } from '../store/tables/flags.ts';
import type { Database } from '../store/tables.ts';
import { auditOf, earlier, isValid, lifeOf, readEnd, type SdkKey, toKnownKey, toSdkKey } from './key.ts';
import type { KeyKind, KeyRing } from './key-ring.ts';
import {
  findKey,
  findKeyByHash,
  findKeys,
  findKin,
  findValidKeys,
  insertKey,
  revokeKey,
  updateKey,
} from './repository.ts';
import type { KeyInput, KeyPatch, NewKeySchema } from './schemas.ts';

export type NewSdkKey = Static<typeof NewKeySchema>;

const PREFIXES: Readonly<Record<KeyKind, string>> = {
  server: 'bnt_srv_',
  client: 'bnt_cli_',
  relay: 'bnt_rly_',
  admin: 'bnt_adm_',
};
/** How much of a secret is kept to recognise it by: the prefix and 4 of its 43 random characters. */
const VISIBLE_LENGTH = 12;

/** Names a key in an environment. */
export interface KeyName {
  readonly project: string;
  readonly environment: string;
  readonly id: string;
}

/** SDK keys of environments, and the admin keys. */
export class Keys {
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #environments: Environments;
  readonly #ring: KeyRing;
  readonly #now: () => number;
  /** Reads the valid keys into memory: those of all servers. */
  readonly catchUp = coalesce(() => this.#load());
  /** How many changes of this server were taken into memory. */
  #ownChanges = 0;
  /** The count of what was read last. */
  #readCount = -1;

  constructor(database: Database, changes: Changes, environments: Environments, ring: KeyRing, now: () => number) {
    this.#database = database;
    this.#now = now;
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
    this.admit(result.row);
    return { ...toSdkKey(result.row), secret: result.secret };
  }

  /** Takes a key that was committed into memory. */
  admit(row: KeyRow): void {
    this.#ownChanges++;
    this.#ring.add(row.secret_hash, toKnownKey(row));
  }

  /** Takes what is new of a key into memory, unless it was revoked meanwhile. */
  #renew(row: KeyRow): void {
    this.#ownChanges++;
    if (this.#ring.findById(row.id) !== undefined) this.#ring.add(row.secret_hash, toKnownKey(row));
  }

  /** Changes what is not secret. What has ended stays so. */
  async update(caller: Caller, name: KeyName, patch: Static<typeof KeyPatch>): Promise<SdkKey> {
    const { result: row } = await this.#changes.commit(caller, async (draft) => {
      const before = await this.#requireValid(draft, name);
      const row = {
        ...before,
        ...(patch.name === undefined ? {} : { name: patch.name }),
        ...lifeOf(patch, before.kind, draft.atMs),
      };
      await updateKey(draft.tx, row);
      const { project, environment, id } = name;
      const [was, is] = [auditOf(before), auditOf(row)];
      await draft.audit({
        action: 'key.updated',
        project,
        environment,
        target: { kind: 'key', key: id },
        before: was,
        after: is,
      });
      await draft.count('keys');
      return row;
    });
    this.#renew(row);
    return toSdkKey(row);
  }

  /** Makes a key like this one; this one stays valid until then, or until it is revoked. */
  async rotate(caller: Caller, name: KeyName, oldUntil: string | null): Promise<NewSdkKey> {
    const { result } = await this.#changes.commit(caller, async (draft) => {
      const old = await this.#requireValid(draft, name);
      await this.#requireAlone(draft, old);
      const untilMs = oldUntil === null ? null : readEnd(oldUntil, 'oldUntil', draft.atMs);
      const kept: KeyRow = { ...old, expires_at: earlier(untilMs, old.expires_at) };
      await updateKey(draft.tx, kept);
      const { project, environment, id } = name;
      const expiresAt = toSdkKey(kept).expiresAt;
      await draft.audit({
        action: 'key.rotated',
        project,
        environment,
        target: { kind: 'key', key: id },
        after: { expiresAt },
      });
      const environmentId = old.environment_id ?? '';
      const { kind, origins } = old;
      const made = await insertNewKey(
        draft,
        {
          kind: kind as SdkKey['kind'],
          name: old.name,
          secret: newKeySecret(kind as KeyKind),
          environmentId,
          origins,
          replaces: id,
        },
        { project, environment },
      );
      return { kept, made };
    });
    const { kept, made } = result;
    this.#renew(kept);
    this.admit(made.row);
    return { ...toSdkKey(made.row), secret: made.secret };
  }

  /** @throws {ApiError} `not_found`; `conflict` when it has ended */
  async #requireValid(draft: Draft, { project, environment, id }: KeyName): Promise<KeyRow> {
    const place = await this.#environments.find(project, environment, draft.tx);
    const row = await findKey(draft.tx, place.environment.id, id);
    if (row === undefined) throw notFound(`key "${id}" in environment "${environment}"`);
    if (isValid(row, draft.atMs)) return row;
    throw new ApiError('conflict', 'The key has expired or was revoked, and stays so. Make another one.');
  }

  /** @throws {ApiError} `conflict` while the key that it replaced, or one that replaces it, is valid */
  async #requireAlone(draft: Draft, key: KeyRow): Promise<void> {
    const other = (await findKin(draft.tx, key)).find((row) => isValid(row, draft.atMs));
    if (other === undefined) return;
    const what = other.id === key.replaces ? 'The key that this one replaced' : 'The key that replaces this one';
    const message = `${what} (${other.prefix}...) is valid too. Revoke one of them first: two at most are valid at once.`;
    throw new ApiError('conflict', message);
  }

  /** Ends a key for good; its open sockets are closed. Revoking twice is fine. */
  async revoke(caller: Caller, project: string, environment: string, id: string): Promise<void> {
    await this.#changes.commit(caller, async (draft) => {
      const place = await this.#environments.find(project, environment, draft.tx);
      const row = await findKey(draft.tx, place.environment.id, id);
      if (row === undefined) throw notFound(`key "${id}" in environment "${environment}"`);
      if (row.revoked_at !== null) return;
      await revokeKey(draft.tx, id, draft.atMs);
      const target = { kind: 'key', key: id };
      const { kind, name, prefix } = row;
      await draft.audit({ action: 'key.revoked', project, environment, target, before: { kind, name, prefix } });
      await draft.count('keys');
    });
    this.#ownChanges++;
    this.#ring.revoke(id);
  }

  /** Makes sure that there is an admin key with this secret. One that was revoked stays revoked. */
  async ensureAdminKey(secret: string): Promise<void> {
    const secretHash = hashSecret(secret);
    const { result } = await this.#changes.commit(SYSTEM, async (draft) => {
      if ((await findKeyByHash(draft.tx, secretHash)) !== undefined) return undefined;
      return insertNewKey(draft, { kind: 'admin', name: 'Bootstrap admin key', secret, environmentId: null });
    });
    if (result !== undefined) this.admit(result.row);
    // Another server may have made it a moment ago.
    else await this.catchUp();
  }

  async #load(): Promise<void> {
    for (;;) {
      const ownChanges = this.#ownChanges;
      const { count, rows } = await inSnapshot(this.#database, async (tx) => ({
        count: await readCounter(tx, 'keys'),
        rows: await findValidKeys(tx, this.#now()),
      }));
      // A key was made or revoked here meanwhile; what was read does not know of it.
      if (ownChanges !== this.#ownChanges) continue;
      this.#ring.replaceAll(rows.map((row) => ({ hash: row.secret_hash, key: toKnownKey(row) })));
      this.#readCount = count;
      return;
    }
  }
}

/** A key that was made. Its secret is not kept. */
export interface NewKey {
  readonly row: KeyRow;
  readonly secret: string;
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
  { kind, name, ...life }: Static<typeof KeyInput>,
): Promise<NewKey> {
  const secret = newKeySecret(kind);
  const columns = lifeOf(life, kind, draft.atMs);
  return insertNewKey(draft, { kind, name, secret, environmentId, ...columns }, { project, environment });
}

interface KeyDraft extends Partial<Pick<KeyRow, 'expires_at' | 'origins' | 'replaces'>> {
  readonly kind: KeyKind;
  readonly name: string;
  readonly secret: string;
  readonly environmentId: string | null;
}

async function insertNewKey(
  draft: Draft,
  { kind, name, secret, environmentId, expires_at = null, origins = null, replaces = null }: KeyDraft,
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
    expires_at,
    last_used_at: null,
    origins,
    replaces,
  };
  await insertKey(draft.tx, row);
  await draft.audit({
    action: 'key.created',
    ...place,
    target: { kind: 'key', key: row.id },
    after: { ...auditOf(row), ...(replaces === null ? {} : { replaces }) },
  });
  await draft.count('keys');
  return { row, secret };
}

function newKeySecret(kind: KeyKind): string {
  return PREFIXES[kind] + newSecret();
}
