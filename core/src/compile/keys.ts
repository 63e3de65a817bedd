import type { KeyListName } from '../model.ts';
import type { SegmentContent } from '../segment-slot.ts';
import type { PageLists, Pages } from '../segments/page-lists.ts';
import { hashKey } from '../segments/page-of.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from '../truth.ts';

/** Whether a subject is in a list. */
export type Lookup = (subject: string) => Truth;

/** Compiles one of a segment's lists; undefined when it has none. */
export function compileKeys(content: SegmentContent, list: KeyListName, lists: PageLists): Lookup | undefined {
  const keys = content[list];
  if (keys === undefined) return undefined;
  if (!('pages' in keys)) return (subject) => (keys.has(subject) ? TRUE : FALSE);
  return compilePages(lists.find(`${content.key}/${list}`), keys.pages);
}

/** Where the page that would tell is missing or malformed, nobody knows. */
function compilePages(pages: Pages, count: number): Lookup {
  const mask = count - 1;
  return (subject) => {
    const hash = hashKey(subject);
    const keys = pages[hash & mask]?.keys;
    if (keys === undefined) return UNKNOWN;
    return keys.has(subject, hash) ? TRUE : FALSE;
  };
}

/** How many of the pages that a segment's lists are cut into are not there. */
export function countMissingPages(content: SegmentContent, lists: PageLists): number {
  let missing = 0;
  for (const list of ['included', 'excluded'] as const) {
    const keys = content[list];
    if (keys === undefined || !('pages' in keys)) continue;
    const pages = lists.find(`${content.key}/${list}`);
    for (let page = 0; page < keys.pages; page++) if (pages[page] === undefined) missing += 1;
  }
  return missing;
}
