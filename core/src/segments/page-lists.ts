import type { PageSlot } from '../page-slot.ts';
import { readPageKey } from './page-of.ts';

/** A list's pages by their numbers, as far as the ruleset has them. */
export type Pages = readonly (PageSlot | undefined)[];

const NO_PAGES: Pages = [];

/** The pages of all lists of a ruleset, by `<segment>/<included|excluded>`. Immutable; versions share what is the same. */
export class PageLists {
  readonly #lists: ReadonlyMap<string, Pages>;

  constructor(lists: ReadonlyMap<string, Pages> = new Map()) {
    this.#lists = lists;
  }

  find(list: string): Pages {
    return this.#lists.get(list) ?? NO_PAGES;
  }

  /** A version with these documents set, or removed where there is none. Costs a copy of each list that is touched. */
  with(changes: Iterable<readonly [key: string, slot: PageSlot | undefined]>): PageLists {
    const edits = new Map<string, { readonly page: number; readonly slot: PageSlot | undefined }[]>();
    for (const [key, slot] of changes) {
      const place = readPageKey(key);
      if (place === undefined) continue;
      const known = edits.get(place.list);
      if (known === undefined) edits.set(place.list, [{ page: place.page, slot }]);
      else known.push({ page: place.page, slot });
    }
    if (edits.size === 0) return this;
    const lists = new Map(this.#lists);
    for (const [list, each] of edits) {
      const pages = [...this.find(list)];
      // Grown from its end only: an array with gaps becomes a dictionary, which every look-up would pay for.
      for (const { page } of each) while (pages.length <= page) pages.push(undefined);
      for (const { page, slot } of each) pages[page] = slot;
      while (pages.length > 0 && pages.at(-1) === undefined) pages.pop();
      if (pages.length === 0) lists.delete(list);
      else lists.set(list, pages);
    }
    return new PageLists(lists);
  }
}
