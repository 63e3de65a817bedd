import { applySegmentEdits, checkSegment, type KeyListName, type Revision, type SegmentEdit } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes, Commit } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { refuseOutdated, type Versioned } from '../changes/refuse-outdated.ts';
import type { Environments } from '../environments/service.ts';
import { ApiError, notFound, validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import { findItems } from '../rulesets/repository.ts';
import type { EnvironmentRow, SegmentRow } from '../store/tables/flags.ts';
import type { Database, DatabaseTransaction } from '../store/tables.ts';
import { pageNames } from './key-pages.ts';
import { checkSegmentCondition, findSegmentUses, type SegmentUse } from './references.ts';
import { deleteSegment, findSegment, findSegments, insertSegment, updateSegment } from './repository.ts';
import type { SegmentInput, SegmentQuery, SegmentUsesSchema } from './schemas.ts';
import {
  conditionOf,
  type DocumentKeys,
  documentKeysOf,
  listStateOf,
  type Segment,
  toSegment,
  toSegmentItem,
  toServedSegment,
} from './segment.ts';

/** Uses that are told one by one. */
const MAX_USES = 500;

export interface SegmentPlace {
  readonly project: string;
  readonly environment: string;
  readonly segment: string;
}

/** The revision of an environment that serves something as it was just saved. */
export interface Served {
  readonly revision: Revision;
  readonly committedAt: string;
}

export interface SegmentSaved extends Served {
  readonly segment: Segment;
  readonly isNew: boolean;
}

/** Segments of environments, without their keys (see `SegmentKeys`). */
export class Segments {
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #environments: Environments;

  constructor(database: Database, changes: Changes, environments: Environments) {
    this.#database = database;
    this.#changes = changes;
    this.#environments = environments;
  }

  async list(
    place: Omit<SegmentPlace, 'segment'>,
    { cursor, limit = DEFAULT_LIMIT, search }: Static<typeof SegmentQuery>,
  ): Promise<Page<Segment>> {
    const [after] = readCursor(cursor, ['string']) ?? [];
    const { environment } = await this.#environments.find(place.project, place.environment);
    const rows = await findSegments(this.#database, environment.id, { search, after, limit: limit + 1 });
    const page = toPage(rows, limit, ({ key }) => [key]);
    return { ...page, items: page.items.map(toSegment) };
  }

  async get(place: SegmentPlace): Promise<Segment> {
    const { environment } = await this.#environments.find(place.project, place.environment);
    const row = await findSegment(this.#database, environment.id, place.segment);
    if (row === undefined) throw noSegment(place);
    return toSegment(row);
  }

  /** What names the segment in its environment; of many the first. */
  async uses(place: SegmentPlace): Promise<Static<typeof SegmentUsesSchema>> {
    const { environment } = await this.#environments.find(place.project, place.environment);
    const row = await findSegment(this.#database, environment.id, place.segment);
    if (row === undefined) throw noSegment(place);
    const uses = await findSegmentUses(this.#database, environment.id, row.key);
    return { items: uses.slice(0, MAX_USES), total: uses.length };
  }

  /**
   * Makes a segment, or replaces what it says besides its keys.
   * @param ifVersion the version that the caller has seen; undefined: whatever it is
   */
  async put(
    caller: Caller,
    place: SegmentPlace,
    input: Static<typeof SegmentInput>,
    ifVersion?: number,
  ): Promise<SegmentSaved> {
    return this.#save(caller, place, (row) => applyInput(row, input), ifVersion);
  }

  /** Applies edits to a segment that is there. */
  async edit(
    caller: Caller,
    place: SegmentPlace,
    edits: readonly SegmentEdit[],
    ifVersion?: number,
  ): Promise<SegmentSaved> {
    const apply = (row: SegmentRow, isNew: boolean) => {
      if (isNew) throw noSegment(place);
      const edited = applySegmentEdits({ by: row.attribute ?? undefined, when: conditionOf(row) }, edits);
      return applyInput(row, { name: row.name, ...edited });
    };
    return this.#save(caller, place, apply, ifVersion);
  }

  async #save(
    caller: Caller,
    place: SegmentPlace,
    apply: (row: SegmentRow, isNew: boolean) => SegmentRow,
    ifVersion: number | undefined,
  ): Promise<SegmentSaved> {
    const commit = await this.#changes.commit(caller, async (draft) => {
      const { environment } = await this.#environments.find(place.project, place.environment, draft.tx);
      const before = await findSegment(draft.tx, environment.id, place.segment);
      if (before !== undefined) await refuseOutdated(draft.tx, ifVersion, versionedAt(place, before));
      else if (ifVersion !== undefined) throw noSegment(place);
      const isNew = before === undefined;
      const after = apply(before ?? newSegment(environment.id, place.segment, draft.atMs), isNew);
      if (JSON.stringify(after) === JSON.stringify(before)) return { environment, row: after, isNew };
      await refuseUnfit(draft.tx, environment, after);
      return { environment, row: await saveSegment(draft, place, before, after), isNew };
    });
    const { environment, row, isNew } = commit.result;
    return { segment: toSegment(row), isNew, ...servedBy(commit, environment) };
  }

  /** @throws {ApiError} `segment_in_use` while flags or other segments of the environment name it */
  async delete(caller: Caller, place: SegmentPlace, ifVersion?: number): Promise<Served> {
    const commit = await this.#changes.commit(caller, async (draft) => {
      const { environment } = await this.#environments.find(place.project, place.environment, draft.tx);
      const row = await findSegment(draft.tx, environment.id, place.segment);
      if (row === undefined) throw noSegment(place);
      await refuseOutdated(draft.tx, ifVersion, versionedAt(place, row));
      refuseUsed(place, await findSegmentUses(draft.tx, environment.id, row.key));
      await deleteSegment(draft.tx, environment.id, row.key);
      draft.delete(environment.id, { kind: 'segment', key: row.key });
      for (const list of ['included', 'excluded'] as const) {
        const pages = { environmentId: environment.id, segment: row.key, list };
        for (const name of pageNames(pages, 0, listStateOf(row, list).pages)) draft.delete(environment.id, name);
      }
      await auditSegment(draft, place, 'segment.deleted', row, undefined);
      return environment;
    });
    return servedBy(commit, commit.result);
  }
}

/** Saves what was checked, inside a draft: state, what the environment serves, audit event. The keys stay. */
export async function saveSegment(
  draft: Draft,
  place: SegmentPlace,
  before: SegmentRow | undefined,
  after: SegmentRow,
): Promise<SegmentRow> {
  const row = { ...after, version: after.version + 1, updated_at: draft.atMs };
  if (before === undefined) {
    await insertSegment(draft.tx, row);
    // No flag names it yet.
    draft.add(row.environment_id, toSegmentItem(row, {}));
  } else {
    await updateSegment(draft.tx, row);
    draft.put(row.environment_id, toSegmentItem(row, await loadDocumentKeys(draft.tx, after)));
  }
  await auditSegment(draft, place, before === undefined ? 'segment.created' : 'segment.updated', before, row);
  return row;
}

/** The keys that the segment's document holds, as the transaction sees them. */
export async function loadDocumentKeys(
  tx: DatabaseTransaction,
  { environment_id, key }: SegmentRow,
): Promise<DocumentKeys> {
  const items = await findItems(tx, environment_id, [{ kind: 'segment', key }]);
  return documentKeysOf(items.get(`segment ${key}`));
}

/** @param keys how many keys came to a list and went; which is for the history to say */
export async function auditSegment(
  draft: Draft,
  { project, environment, segment }: SegmentPlace,
  action: string,
  before: SegmentRow | undefined,
  after: SegmentRow | undefined,
  keys?: { readonly list: KeyListName; readonly added: number; readonly removed: number },
): Promise<void> {
  await draft.audit({
    action,
    project,
    environment,
    target: { kind: 'segment', key: segment },
    before: before && toSegment(before),
    after: after && { ...toSegment(after), ...(keys && { keys }) },
  });
}

export function versionedAt({ project, environment, segment }: SegmentPlace, { version }: SegmentRow): Versioned {
  return { project, environment, target: { kind: 'segment', key: segment }, version };
}

export function noSegment({ project, environment, segment }: SegmentPlace): ApiError {
  return notFound(`segment "${segment}" in environment "${environment}" of project "${project}"`);
}

/** What serves the environment after a commit: the revision that it made, or the one that was there. */
export function servedBy({ revisions }: Commit<unknown>, environment: EnvironmentRow): Served {
  const { id, incarnation, number, hash, committed_at } = environment;
  const committed = revisions.get(id) ?? { revision: { incarnation, number, hash }, committedAtMs: committed_at };
  return { revision: committed.revision, committedAt: toTimestamp(committed.committedAtMs) };
}

function newSegment(environmentId: string, key: string, nowMs: number): SegmentRow {
  return {
    environment_id: environmentId,
    key,
    name: key,
    attribute: null,
    conditions: null,
    included_count: 0,
    included_pages: 0,
    excluded_count: 0,
    excluded_pages: 0,
    version: 0,
    created_at: nowMs,
    updated_at: nowMs,
    search_text: null,
  };
}

function applyInput(row: SegmentRow, { name, by, when }: Static<typeof SegmentInput>): SegmentRow {
  return {
    ...row,
    name: name ?? row.key,
    attribute: by ?? null,
    conditions: when === undefined ? null : JSON.stringify(when),
  };
}

/** Refuses what SDKs could not understand, or what would never be true or false. */
async function refuseUnfit(tx: DatabaseTransaction, environment: EnvironmentRow, row: SegmentRow): Promise<void> {
  const served = toServedSegment(row, {});
  const malformed = checkSegment(served);
  if (malformed.length > 0) throw validationFailed(malformed);
  const problems = await checkSegmentCondition(tx, environment, row.key, served.when);
  if (problems.length > 0) throw validationFailed(problems);
}

function refuseUsed({ segment, environment }: SegmentPlace, uses: readonly SegmentUse[]): void {
  if (uses.length === 0) return;
  const users = [...new Set(uses.map(({ kind, key }) => `${kind} ${key}`))].slice(0, 10).join(', ');
  throw new ApiError(
    'segment_in_use',
    `Segment "${segment}" is used in ${environment} by ${users}. Remove it from the places that details name, then delete it.`,
    uses.map(({ kind, key, path }) => ({ path: `${kind} ${key}: ${path}`, message: `names segment "${segment}"` })),
  );
}
