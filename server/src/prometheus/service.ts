import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import type { AddressPolicy } from '../egress/address-policy.ts';
import { checkUrl, EgressRefused } from '../egress/send.ts';
import { requireProject } from '../environments/service.ts';
import { ApiError, NameTaken, notFound, validationFailed } from '../http/api-error.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { newId } from '../store/new-id.ts';
import type { DataSourceRow } from '../store/tables/safeguards.ts';
import type { Database, Querier } from '../store/tables.ts';
import type { Vault } from '../vault/vault.ts';
import { STEP } from './counts.ts';
import { type DataSource, sealAuth, toDataSource, toEndpoint, toStored } from './data-source.ts';
import { ask } from './query.ts';
import { findReaders } from './readers.ts';
import { deleteDataSource, findDataSource, findDataSources, insertDataSource, updateDataSource } from './repository.ts';
import type { DataSourceAnswer, DataSourceInput, DataSourcePatch, DataSourceQuery } from './schemas.ts';

const QUERY_TIMEOUT_MS = 10_000;
const DEFAULT_STEP_MS = 15_000;

export interface DataSourcesDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly vault: Vault;
  readonly policy: AddressPolicy;
  readonly now: () => number;
}

/** Where the safeguards of a project may read their numbers. */
export class DataSources {
  readonly #dependencies: DataSourcesDependencies;

  constructor(dependencies: DataSourcesDependencies) {
    this.#dependencies = dependencies;
  }

  /** By key. */
  async list(project: string, { cursor, limit = DEFAULT_LIMIT }: PageRequest): Promise<Page<DataSource>> {
    const { database } = this.#dependencies;
    const [afterKey] = readCursor(cursor, ['string']) ?? [];
    const { id } = await requireProject(database, project);
    const rows = await findDataSources(database, id, { afterKey, limit: limit + 1 });
    const page = toPage(rows, limit, ({ key }) => [key]);
    const readers = await findReaders(database, id);
    return { ...page, items: page.items.map((row) => toDataSource(row, readers)) };
  }

  async get(project: string, key: string): Promise<DataSource> {
    return this.#show(await this.#find(project, key));
  }

  async create(
    caller: Caller,
    project: string,
    { key, name, url, auth = { kind: 'none' } }: Static<typeof DataSourceInput>,
  ): Promise<DataSource> {
    const { changes, vault } = this.#dependencies;
    this.#checkUrl(url);
    const { result } = await changes.commit(caller, async (draft) => {
      const { id: projectId } = await requireProject(draft.tx, project);
      if ((await findDataSource(draft.tx, projectId, key)) !== undefined) {
        throw new NameTaken(`Project "${project}" has a data source "${key}". Choose another key, or change that one.`);
      }
      const id = newId(draft.atMs);
      const row: DataSourceRow = {
        ...{ id, project_id: projectId, key, name, url },
        ...sealAuth(vault, id, auth),
        ...{ version: 1, created_at: draft.atMs, updated_at: draft.atMs },
      };
      await insertDataSource(draft.tx, row);
      await draft.count('safeguards');
      await draft.audit({ action: 'data-source.created', project, target: targetOf(key), after: toStored(row) });
      return row;
    });
    return this.#show(result);
  }

  /** @param ifVersion the version that the caller has seen; undefined: whatever it is */
  async update(
    caller: Caller,
    project: string,
    key: string,
    { auth, ...patch }: Static<typeof DataSourcePatch>,
    ifVersion: number | undefined,
  ): Promise<DataSource> {
    const { changes, vault } = this.#dependencies;
    if (patch.url !== undefined) this.#checkUrl(patch.url);
    const { result } = await changes.commit(caller, async (draft) => {
      const before = await this.#find(project, key, draft.tx);
      const target = targetOf(key);
      await refuseOutdated(draft.tx, ifVersion, { project, target, version: before.version });
      if (patch.url !== undefined && auth === undefined) refuseToTakeSecretElsewhere(before, patch.url);
      const after: DataSourceRow = {
        ...{ ...before, ...patch },
        ...(auth === undefined ? {} : sealAuth(vault, before.id, auth)),
        ...{ version: before.version + 1, updated_at: draft.atMs },
      };
      await updateDataSource(draft.tx, before.id, after);
      await draft.count('safeguards');
      await draft.audit({
        ...{ action: 'data-source.updated', project, target },
        ...{ before: toStored(before), after: toStored(after) },
      });
      return after;
    });
    return this.#show(result);
  }

  async delete(caller: Caller, project: string, key: string): Promise<void> {
    await this.#dependencies.changes.commit(caller, async (draft) => {
      const before = await this.#find(project, key, draft.tx);
      await refuseRead(draft.tx, before);
      await deleteDataSource(draft.tx, before.id);
      await draft.count('safeguards');
      await draft.audit({
        action: 'data-source.deleted',
        project,
        target: targetOf(key),
        before: toStored(before),
      });
    });
  }

  /** What a query says now. */
  async query(
    project: string,
    key: string,
    { query, stepMs = DEFAULT_STEP_MS }: Static<typeof DataSourceQuery>,
  ): Promise<Static<typeof DataSourceAnswer>> {
    const { vault, policy, now } = this.#dependencies;
    const endpoint = toEndpoint(vault, await this.#find(project, key));
    const beganMs = performance.now();
    const text = query.replaceAll(STEP, `${stepMs / 1_000}s`);
    const answer = await ask(policy, endpoint, { query: text, atMs: now(), timeoutMs: QUERY_TIMEOUT_MS });
    const ms = Math.round(performance.now() - beganMs);
    return answer.kind === 'number'
      ? { result: 'number', value: answer.value, reason: null, ms }
      : { result: answer.kind, value: null, reason: answer.reason, ms };
  }

  async #show(row: DataSourceRow): Promise<DataSource> {
    return toDataSource(row, await findReaders(this.#dependencies.database, row.project_id));
  }

  #checkUrl(url: string): void {
    try {
      const { search, hash } = checkUrl(this.#dependencies.policy, url);
      if (search === '' && hash === '') return;
      throw validationFailed([{ path: 'url', message: 'must end before ? and #' }]);
    } catch (error) {
      if (!(error instanceof EgressRefused)) throw error;
      throw validationFailed([{ path: 'url', message: error.message }]);
    }
  }

  async #find(project: string, key: string, db: Querier = this.#dependencies.database): Promise<DataSourceRow> {
    const row = await findDataSource(db, (await requireProject(db, project)).id, key);
    if (row === undefined) throw notFound(`data source "${key}" in project "${project}"`);
    return row;
  }
}

/** @throws {ApiError} `conflict` while a safeguard, or a gate of a release that is under way or begins by itself, reads it */
async function refuseRead(db: Querier, { project_id, key }: DataSourceRow): Promise<void> {
  const { safeguards, releases } = await findReaders(db, project_id);
  const names = safeguards.filter(({ source }) => source === key).map(({ name }) => `"${name}"`);
  if (names.length > 0) {
    throw new ApiError(
      'conflict',
      `Data source "${key}" is read by the safeguards ${names.join(', ')}: delete or change those first.`,
    );
  }
  const reader = releases.find(({ phase, sources }) => phase !== 'draft' && sources.includes(key));
  if (reader === undefined) return;
  throw new ApiError(
    'conflict',
    `Data source "${key}" is read by gates of release "${reader.title}" (${reader.id}): wait for its end, or abort it first.`,
    { release: reader.id },
  );
}

/** Whoever may change the URL may not read the secret: it must not be sent to them. */
function refuseToTakeSecretElsewhere({ url, secret }: DataSourceRow, to: string): void {
  if (secret === null || new URL(url).origin === new URL(to).origin) return;
  const message = 'must be given again when the URL leads to another server';
  throw validationFailed([{ path: 'auth', message }]);
}

const targetOf = (key: string) => ({ kind: 'data-source', key });
