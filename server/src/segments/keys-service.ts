import { Readable } from 'node:stream';
import type { KeyListName } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import type { Environments } from '../environments/service.ts';
import { validationFailed } from '../http/api-error.ts';
import { DEFAULT_LIMIT, type Page } from '../http/page.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { SegmentRow } from '../store/tables.ts';
import { KeyBuckets } from './key-buckets.ts';
import { type EditedList, editKeys, replaceKeys, type StoredList } from './key-edits.ts';
import type { ListPlace } from './key-pages.ts';
import { type KeysFormat, readKeys } from './read-keys.ts';
import { findSegment, updateSegment } from './repository.ts';
import type { KeysQuery, SegmentKeysInput } from './schemas.ts';
import { listStateOf, type Segment, toSegment, toSegmentItem, withListState } from './segment.ts';
import { ServedKeys } from './served-keys.ts';
import {
  auditSegment,
  loadDocumentKeys,
  noSegment,
  type SegmentPlace,
  type Segments,
  type Served,
  servedBy,
} from './service.ts';

export interface ListQuery {
  readonly list?: KeyListName;
}

/** A segment after a change of its keys, and how many came and went. */
export interface ChangedKeys extends Served {
  readonly segment: Segment;
  readonly added: number;
  readonly removed: number;
}

/** The keys of segments: up to a million in a list, of which only pages that differ are written and sent. */
export class SegmentKeys {
  readonly #changes: Changes;
  readonly #environments: Environments;
  readonly #rulesets: Rulesets;
  readonly #segments: Segments;

  constructor(changes: Changes, environments: Environments, rulesets: Rulesets, segments: Segments) {
    this.#changes = changes;
    this.#environments = environments;
    this.#rulesets = rulesets;
    this.#segments = segments;
  }

  /** Adds and removes keys. What is there, or gone, already is no change. */
  change(
    caller: Caller,
    place: SegmentPlace,
    { list = 'included', add = [], remove = [] }: Static<typeof SegmentKeysInput>,
  ): Promise<ChangedKeys> {
    const added = new Set(add);
    const at = remove.findIndex((key) => added.has(key));
    if (at >= 0) throw validationFailed([{ path: `remove[${at}]`, message: `is also in add; decide for one` }]);
    return this.#edit(caller, place, list, 'segment.keys.changed', (draft, listPlace, before) =>
      editKeys(draft, listPlace, before, { add, remove }),
    );
  }

  /** Puts the keys of a file in the place of all that are in the list. Nothing is written before its end was read. */
  async replace(
    caller: Caller,
    place: SegmentPlace,
    { list = 'included' }: ListQuery,
    body: Readable,
    format: KeysFormat,
  ): Promise<ChangedKeys & { received: number; repeated: number }> {
    const buckets = new KeyBuckets();
    await readKeys(body, format, (key) => buckets.add(key));
    // Sooner a file that came empty by mistake than a list that was meant to be: that has a way of its own.
    if (buckets.received === 0) {
      throw validationFailed([{ path: '', message: 'the body has no keys; to empty the list, send DELETE' }]);
    }
    const count = await buckets.settle();
    const changed = await this.#edit(caller, place, list, 'segment.keys.replaced', (draft, listPlace, before) =>
      replaceKeys(draft, listPlace, before, count, buckets),
    );
    return { ...changed, received: buckets.received, repeated: buckets.received - count };
  }

  /** Empties a list. */
  clear(caller: Caller, place: SegmentPlace, { list = 'included' }: ListQuery): Promise<ChangedKeys> {
    return this.#edit(caller, place, list, 'segment.keys.cleared', (draft, listPlace, before) =>
      replaceKeys(draft, listPlace, before, 0, new KeyBuckets()),
    );
  }

  /** The keys that are served: of the newest revision that this server knows. */
  async list(
    place: SegmentPlace,
    { list = 'included', cursor, limit = DEFAULT_LIMIT, key }: Static<typeof KeysQuery>,
  ): Promise<Page<string>> {
    const served = await this.#find(place, list);
    if (key === undefined) return served.list(cursor, limit);
    return { items: served.has(key) ? [key] : [], nextCursor: null };
  }

  /** All keys that are served, a line each. */
  async export(place: SegmentPlace, { list = 'included' }: ListQuery): Promise<Readable> {
    return Readable.from((await this.#find(place, list)).lines());
  }

  async #find(place: SegmentPlace, list: KeyListName): Promise<ServedKeys> {
    await this.#segments.get(place);
    const { environment } = await this.#environments.find(place.project, place.environment);
    const ruleset = this.#rulesets.get(environment.id);
    if (ruleset === undefined) throw noSegment(place);
    return new ServedKeys(ruleset, place.segment, list);
  }

  async #edit(
    caller: Caller,
    place: SegmentPlace,
    list: KeyListName,
    action: string,
    edit: (draft: Draft, place: ListPlace, before: StoredList) => Promise<EditedList>,
  ): Promise<ChangedKeys> {
    const commit = await this.#changes.commit(caller, async (draft) => {
      const { environment } = await this.#environments.find(place.project, place.environment, draft.tx);
      const before = await findSegment(draft.tx, environment.id, place.segment);
      if (before === undefined) throw noSegment(place);
      const keys = await loadDocumentKeys(draft.tx, before);
      const listPlace = { environmentId: environment.id, segment: place.segment, list };
      const edited = await edit(draft, listPlace, { ...listStateOf(before, list), keys: keys[list] ?? [] });
      const { added, removed } = edited;
      if (added === 0 && removed === 0) return { environment, row: before, added, removed };
      const after = withListState(before, list, edited);
      const row: SegmentRow = { ...after, version: before.version + 1, updated_at: draft.atMs };
      await updateSegment(draft.tx, row);
      draft.put(environment.id, toSegmentItem(row, { ...keys, [list]: edited.keys }));
      await auditSegment(draft, place, action, before, row);
      return { environment, row, added, removed };
    });
    const { environment, row, added, removed } = commit.result;
    return { segment: toSegment(row), added, removed, ...servedBy(commit, environment) };
  }
}
