import type { KeyListName, Segment as ServedSegment } from '@bunting/core';
import { pageKey, pageOf } from '@bunting/core';
import { inBatches } from '../changes/in-batches.ts';
import { validationFailed } from '../http/api-error.ts';
import { type Page, readCursor, toPage } from '../http/page.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { keysOf } from './key-pages.ts';

/**
 * A list of keys as an environment serves it at one moment: later changes do not show. Keys come page by page, in no
 * order that means anything.
 */
export class ServedKeys {
  /** The keys of each page; a list in the document is one page. */
  readonly #pages: readonly (() => readonly string[])[];
  /** The pages as they travel; none of a list in the document. */
  readonly #documents: readonly string[] = [];

  constructor(ruleset: Pick<LiveRuleset, 'item'>, segment: string, list: KeyListName) {
    const item = ruleset.item('segment', segment);
    const keys = item === undefined ? [] : ((JSON.parse(item.json) as ServedSegment)[list] ?? []);
    if (typeof keys !== 'object' || !('pages' in keys)) {
      this.#pages = [() => keys as readonly string[]];
      return;
    }
    const found = Array.from({ length: keys.pages }, (_, page) => ruleset.item('keys', pageKey(segment, list, page)));
    this.#pages = found.map((item) => () => (item === undefined ? [] : keysOf(item)));
    this.#documents = found.map((item) => item?.json ?? '');
  }

  /** What the pages take as they travel; of a list in the document, nothing to speak of. */
  async weigh(): Promise<number> {
    let bytes = 0;
    for await (const documents of inBatches(this.#documents)) {
      for (const document of documents) bytes += Buffer.byteLength(document);
    }
    return bytes;
  }

  has(key: string): boolean {
    return this.#pages[pageOf(key, this.#pages.length)]?.().includes(key) ?? false;
  }

  /** @throws {ApiError} when the list was cut anew since the cursor was made */
  list(cursor: string | undefined, limit: number): Page<string> {
    const [pages = this.#pages.length, first = 0, skipped = ''] =
      readCursor(cursor, ['number', 'number', 'string']) ?? [];
    const isOfThese = pages === this.#pages.length && Number.isInteger(first) && first >= 0;
    if (!isOfThese) {
      throw validationFailed([
        {
          path: 'cursor',
          message: 'is not of this list, or of before it grew or shrank much; leave it out to begin again',
        },
      ]);
    }
    const rows: { readonly page: number; readonly key: string }[] = [];
    for (let page = first; page < pages && rows.length <= limit; page++) {
      for (const key of this.#pages[page]?.() ?? []) if (page > first || key > skipped) rows.push({ page, key });
    }
    const found = toPage(rows, limit, ({ page, key }) => [pages, page, key]);
    return { ...found, items: found.items.map(({ key }) => key) };
  }

  /** All keys, a line each, in pieces. */
  *lines(): Generator<string> {
    for (const keysOnPage of this.#pages) {
      const keys = keysOnPage();
      if (keys.length > 0) yield `${keys.join('\n')}\n`;
    }
  }
}
