import { type Item, type KeyListName, type KeyPage, pageKey } from '@bunting/core';
import { inBatches } from '../changes/in-batches.ts';
import { findItems } from '../rulesets/repository.ts';
import type { Querier } from '../store/tables.ts';

/** One of the lists of a segment in an environment. */
export interface ListPlace {
  readonly environmentId: string;
  readonly segment: string;
  readonly list: KeyListName;
}

/** A page as it travels. Keys are sorted, so that equal pages are equal texts. */
export function toPageItem({ segment, list }: ListPlace, page: number, keys: Iterable<string>): Item {
  const key = pageKey(segment, list, page);
  const document: KeyPage = { key, keys: [...keys].sort() };
  return { kind: 'keys', key, json: JSON.stringify(document) };
}

export function keysOf(page: Item): readonly string[] {
  return (JSON.parse(page.json) as KeyPage).keys;
}

/** The names of pages `from` to `to`, the latter not included. */
export function pageNames({ segment, list }: ListPlace, from: number, to: number): { kind: 'keys'; key: string }[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => ({
    kind: 'keys',
    key: pageKey(segment, list, from + at),
  }));
}

/** The keys of these pages, by their numbers. */
export async function loadPages(
  db: Querier,
  place: ListPlace,
  pages: readonly number[],
): Promise<Map<number, Set<string>>> {
  const loaded = new Map<number, Set<string>>();
  for await (const batch of inBatches(pages)) {
    const names = batch.map((page) => ({ kind: 'keys' as const, key: pageKey(place.segment, place.list, page) }));
    const found = await findItems(db, place.environmentId, names);
    for (const page of batch) {
      const item = found.get(`keys ${pageKey(place.segment, place.list, page)}`);
      loaded.set(page, new Set(item === undefined ? [] : keysOf(item)));
    }
  }
  return loaded;
}
