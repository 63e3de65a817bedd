import { type KeyListName, pageOf } from '@bunting/core';
import type { Draft } from '../changes/draft.ts';
import { inBatches } from '../changes/in-batches.ts';
import { validationFailed } from '../http/api-error.ts';
import type { DatabaseTransaction } from '../store/tables.ts';
import { choosePages, MAX_KEYS } from './choose-pages.ts';
import { KeyBuckets } from './key-buckets.ts';
import { type ListPlace, loadPages, pageNames, toPageItem } from './key-pages.ts';
import type { ListState } from './segment.ts';

/** A list of keys as it is stored: in the document when `pages` is 0. */
export interface StoredList extends ListState {
  /** Its keys when they are in the document. */
  readonly keys: readonly string[];
}

export interface EditedList extends StoredList {
  readonly added: number;
  readonly removed: number;
}

/** Adds and removes keys. Only the pages that these are on are read and written, unless the list has to be cut anew. */
export async function editKeys(
  draft: Draft,
  place: ListPlace,
  before: StoredList,
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Promise<EditedList> {
  // A list in the document is one page that is written elsewhere.
  const cut = Math.max(1, before.pages);
  const touched = [...new Set([...add, ...remove].map((key) => pageOf(key, cut)))];
  const isPaged = before.pages > 0;
  const pages = isPaged ? await loadPages(draft.tx, place, touched) : new Map([[0, new Set(before.keys)]]);
  let added = 0;
  let removed = 0;
  for (const key of add) {
    const keys = pages.get(pageOf(key, cut));
    if (keys === undefined || keys.has(key)) continue;
    keys.add(key);
    added += 1;
  }
  for (const key of remove) if (pages.get(pageOf(key, cut))?.delete(key) === true) removed += 1;
  const count = before.count + added - removed;
  refuseTooMany(place.list, count);
  const wanted = choosePages(count, before.pages);
  if (wanted !== before.pages) {
    const buckets = new KeyBuckets();
    for (const keys of pages.values()) buckets.addAll(keys);
    const others = [...Array(before.pages).keys()].filter((page) => !pages.has(page));
    for await (const numbers of inBatches(others)) {
      for (const keys of (await loadPages(draft.tx, place, numbers)).values()) buckets.addAll(keys);
    }
    return { ...(await putList(draft, place, before, count, wanted, buckets)), added, removed };
  }
  if (!isPaged) return { count, pages: 0, keys: sorted(pages.get(0)), added, removed };
  for (const [page, keys] of pages) draft.put(place.environmentId, toPageItem(place, page, keys));
  return { count, pages: wanted, keys: [], added, removed };
}

/**
 * Puts other keys in the place of all. Pages that stay as they are cost a look, and are not sent.
 * @param tell hears how many of the present keys were compared
 */
export async function replaceKeys(
  draft: Draft,
  place: ListPlace,
  before: StoredList,
  count: number,
  buckets: KeyBuckets,
  tell: (compared: number) => void = () => {},
): Promise<EditedList> {
  refuseTooMany(place.list, count);
  const kept = await countKept(draft.tx, place, before, buckets, tell);
  const [added, removed] = [count - kept, before.count - kept];
  if (added === 0 && removed === 0) return { ...before, added, removed };
  const pages = choosePages(count, before.pages);
  return { ...(await putList(draft, place, before, count, pages, buckets)), added, removed };
}

/** How many keys of the list are among those that replace them. */
async function countKept(
  tx: DatabaseTransaction,
  place: ListPlace,
  before: StoredList,
  buckets: KeyBuckets,
  tell: (compared: number) => void,
): Promise<number> {
  let compared = before.keys.length;
  tell(compared);
  let kept = before.keys.filter((key) => buckets.has(key)).length;
  for await (const numbers of inBatches([...Array(before.pages).keys()])) {
    const pages = await loadPages(tx, place, numbers);
    for (const keys of pages.values()) {
      for (const key of keys) if (buckets.has(key)) kept += 1;
      compared += keys.size;
    }
    tell(compared);
  }
  return kept;
}

async function putList(
  draft: Draft,
  place: ListPlace,
  before: StoredList,
  count: number,
  pages: number,
  buckets: KeyBuckets,
): Promise<StoredList> {
  for (const name of pageNames(place, pages, before.pages)) draft.delete(place.environmentId, name);
  if (pages === 0) return { count, pages, keys: sorted(buckets.page(0, 1)) };
  for await (const numbers of inBatches([...Array(pages).keys()])) {
    for (const page of numbers) draft.put(place.environmentId, toPageItem(place, page, buckets.page(page, pages)));
  }
  return { count, pages, keys: [] };
}

function sorted(keys: Iterable<string> = []): string[] {
  return [...keys].sort();
}

function refuseTooMany(list: KeyListName, count: number): void {
  if (count <= MAX_KEYS) return;
  throw validationFailed([
    { path: list, message: `would have ${count} keys, and may have ${MAX_KEYS}: say with a condition who is in` },
  ]);
}
