import { Readable } from 'node:stream';
import type { KeyListName } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import type { Environments } from '../environments/service.ts';
import { validationFailed } from '../http/api-error.ts';
import { DEFAULT_LIMIT, type Page } from '../http/page.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { SegmentRow } from '../store/tables/flags.ts';
import { KeyBuckets, travellingBytes } from './key-buckets.ts';
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
  versionedAt,
} from './service.ts';
import type { TellProgress, UploadProgress } from './upload-progress.ts';
import { UploadSlots } from './upload-slots.ts';

export interface ListQuery {
  readonly list?: KeyListName;
}

/** A file of keys that is to take the place of a list. */
export interface KeysUpload extends ListQuery {
  readonly body: Readable;
  readonly format: KeysFormat;
  /** The version of the segment that the caller has seen; undefined: whatever it is. */
  readonly ifVersion?: number | undefined;
  readonly tell?: TellProgress;
  /** Gives the upload up, as long as it is not stored. */
  readonly signal?: AbortSignal;
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
  readonly #uploads = new UploadSlots();

  constructor(changes: Changes, environments: Environments, rulesets: Rulesets, segments: Segments) {
    this.#changes = changes;
    this.#environments = environments;
    this.#rulesets = rulesets;
    this.#segments = segments;
  }

  /**
   * Adds and removes keys. What is there, or gone, already is no change.
   * @param ifVersion the version of the segment that the caller has seen; undefined: whatever it is
   */
  async change(
    caller: Caller,
    place: SegmentPlace,
    { list = 'included', add = [], remove = [] }: Static<typeof SegmentKeysInput>,
    ifVersion?: number,
  ): Promise<ChangedKeys> {
    const added = new Set(add);
    const at = remove.findIndex((key) => added.has(key));
    if (at >= 0) throw validationFailed([{ path: `remove[${at}]`, message: `is also in add; decide for one` }]);
    refuseTooLarge(await this.#findRuleset(place), 'add', sum(add.map(travellingBytes)));
    return this.#edit(caller, place, { list, ifVersion, action: 'segment.keys.changed' }, (draft, listPlace, before) =>
      editKeys(draft, listPlace, before, { add, remove }),
    );
  }

  /** Puts the keys of a file in the place of all that are in the list. Nothing is written before its end was read. */
  async replace(
    caller: Caller,
    place: SegmentPlace,
    upload: KeysUpload,
  ): Promise<ChangedKeys & { received: number; repeated: number }> {
    const ruleset = await this.#findRuleset(place);
    return this.#uploads.run(ruleset.environmentId, place.segment, () => this.#replace(caller, place, upload, ruleset));
  }

  async #replace(
    caller: Caller,
    place: SegmentPlace,
    { list = 'included', body, format, ifVersion, tell, signal }: KeysUpload,
    ruleset: LiveRuleset,
  ) {
    const tellAlive = (progress: UploadProgress) => {
      signal?.throwIfAborted();
      tell?.(progress);
    };
    const buckets = await readFile(body, format, tellAlive);
    const { count, bytes } = await buckets.settle();
    refuseTooLarge(ruleset, '', bytes - (await new ServedKeys(ruleset, place.segment, list).weigh()));
    const changed = await this.#edit(
      caller,
      place,
      { list, ifVersion, action: 'segment.keys.replaced' },
      (draft, listPlace, before) => {
        draft.onProgress = (phase, done, of) => {
          if (phase === 'storing') tellAlive({ phase, keys: Math.floor((count * done) / of), of: count });
          // Stored is stored, whoever listens.
          else tell?.({ phase, keys: count, of: count });
        };
        const tellCompared = (keys: number) => tellAlive({ phase: 'comparing', keys, of: before.count });
        return replaceKeys(draft, listPlace, before, count, buckets, tellCompared);
      },
    );
    return { ...changed, received: buckets.received, repeated: buckets.received - count };
  }

  /** Empties a list. */
  clear(
    caller: Caller,
    place: SegmentPlace,
    { list = 'included' }: ListQuery,
    ifVersion?: number,
  ): Promise<ChangedKeys> {
    return this.#edit(caller, place, { list, ifVersion, action: 'segment.keys.cleared' }, (draft, listPlace, before) =>
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
    return new ServedKeys(await this.#findRuleset(place), place.segment, list);
  }

  /** The ruleset that serves the segment. @throws {ApiError} `not_found` */
  async #findRuleset(place: SegmentPlace): Promise<LiveRuleset> {
    await this.#segments.get(place);
    const { environment } = await this.#environments.find(place.project, place.environment);
    const ruleset = this.#rulesets.get(environment.id);
    if (ruleset === undefined) throw noSegment(place);
    return ruleset;
  }

  async #edit(
    caller: Caller,
    place: SegmentPlace,
    { list, ifVersion, action }: { list: KeyListName; ifVersion: number | undefined; action: string },
    edit: (draft: Draft, place: ListPlace, before: StoredList) => Promise<EditedList>,
  ): Promise<ChangedKeys> {
    const commit = await this.#changes.commit(caller, async (draft) => {
      const { environment } = await this.#environments.find(place.project, place.environment, draft.tx);
      const before = await findSegment(draft.tx, environment.id, place.segment);
      if (before === undefined) throw noSegment(place);
      await refuseOutdated(draft.tx, ifVersion, versionedAt(place, before));
      const keys = await loadDocumentKeys(draft.tx, before);
      const listPlace = { environmentId: environment.id, segment: place.segment, list };
      const edited = await edit(draft, listPlace, { ...listStateOf(before, list), keys: keys[list] ?? [] });
      const { added, removed } = edited;
      if (added === 0 && removed === 0) return { environment, row: before, added, removed };
      const after = withListState(before, list, edited);
      const row: SegmentRow = { ...after, version: before.version + 1, updated_at: draft.atMs };
      await updateSegment(draft.tx, row);
      draft.put(environment.id, toSegmentItem(row, { ...keys, [list]: edited.keys }));
      await auditSegment(draft, place, action, before, row, { list, added, removed });
      return { environment, row, added, removed };
    });
    const { environment, row, added, removed } = commit.result;
    return { segment: toSegment(row), added, removed, ...servedBy(commit, environment) };
  }
}

/** SDKs and relays take messages of up to 64 MiB. Names of items, and flags that are added later, come on top of this. */
const MAX_RULESET_BYTES = 56 * 1024 * 1024;

/** Refuses keys with which nobody could take the ruleset any more. */
function refuseTooLarge(ruleset: LiveRuleset, path: string, addedBytes: number): void {
  const bytes = ruleset.bytes + addedBytes;
  if (addedBytes <= 0 || bytes <= MAX_RULESET_BYTES) return;
  const message = `the ruleset of ${ruleset.environment} would take ${bytes} bytes, and SDKs take ${MAX_RULESET_BYTES}: use shorter keys, or say with a condition who is in`;
  throw validationFailed([{ path, message }]);
}

async function readFile(body: Readable, format: KeysFormat, tell: TellProgress): Promise<KeyBuckets> {
  const buckets = new KeyBuckets();
  const tellRead = () => tell({ phase: 'reading', keys: buckets.received });
  tellRead();
  await readKeys(body, format, (key) => buckets.add(key), tellRead);
  // Sooner a file that came empty by mistake than a list that was meant to be: that has a way of its own.
  if (buckets.received > 0) return buckets;
  throw validationFailed([{ path: '', message: 'the body has no keys; to empty the list, send DELETE' }]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
