import type { KeyListName, KeyPage, Ruleset, Segment } from '../model.ts';
import { pageKey, pageOf } from './page-of.ts';

/** A list of keys cut into pages. */
export function pagesOf(segment: string, list: KeyListName, keys: Iterable<string>, count: number): KeyPage[] {
  const pages: string[][] = Array.from({ length: count }, () => []);
  for (const key of new Set(keys)) pages[pageOf(key, count)]?.push(key);
  return pages.map((each, page) => ({ key: pageKey(segment, list, page), keys: each.sort() }));
}

/** The same ruleset with every list of every segment in pages. */
export function paged(ruleset: Ruleset, count: number): Ruleset {
  const keyPages: KeyPage[] = [];
  const segments = (ruleset.segments ?? []).map((segment): Segment => {
    const lists: { included?: Segment['included']; excluded?: Segment['excluded'] } = {};
    for (const list of ['included', 'excluded'] as const) {
      const keys = segment[list];
      if (keys === undefined || (typeof keys === 'object' && 'pages' in keys)) continue;
      const each = typeof keys === 'string' ? keys.split('\n').filter((key) => key !== '') : keys;
      keyPages.push(...pagesOf(segment.key, list, each, count));
      lists[list] = { pages: count };
    }
    return { ...segment, ...lists };
  });
  return { ...ruleset, segments, keyPages };
}
