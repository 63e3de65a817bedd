import type { Item } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { RevisionDiffSchema } from './schemas.ts';

type Difference = Pick<Static<typeof RevisionDiffSchema>, 'items' | 'more'>;

/** Shown at most: for more, the items themselves can be read. */
const MAX_ITEMS = 500;

/** What differs between two sets of items, by kind and key; pages of keys are only counted, for each list. */
export function differenceOf(before: readonly Item[], after: readonly Item[]): Difference {
  const sides = new Map<string, { before?: Item; after?: Item }>();
  for (const item of before) sides.set(`${item.kind} ${item.key}`, { before: item });
  for (const item of after)
    sides.set(`${item.kind} ${item.key}`, { ...sides.get(`${item.kind} ${item.key}`), after: item });
  const differing = [...sides.values()].filter((side) => side.before?.json !== side.after?.json);
  const pages = new Map<string, number>();
  const items: Difference['items'] = [];
  for (const side of differing) {
    const { kind, key } = (side.before ?? side.after) as Item;
    if (kind === 'keys') {
      // A page is called `<segment>/<list>/<number>`.
      const list = key.slice(0, key.lastIndexOf('/'));
      pages.set(list, (pages.get(list) ?? 0) + 1);
    } else {
      items.push({ kind, key, before: documentOf(side.before), after: documentOf(side.after) });
    }
  }
  for (const [key, count] of pages) items.push({ kind: 'keys', key, pages: count });
  items.sort((a, b) => (`${a.kind} ${a.key}` < `${b.kind} ${b.key}` ? -1 : 1));
  return { items: items.slice(0, MAX_ITEMS), more: Math.max(0, items.length - MAX_ITEMS) };
}

function documentOf(item: Item | undefined): unknown {
  return item === undefined ? null : JSON.parse(item.json);
}
