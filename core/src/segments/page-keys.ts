import type { KeyPage } from '../model.ts';
import { hashKey } from './page-of.ts';

/** The keys of one page. `hash` is the key's `hashKey`. */
export interface PageKeys {
  has(key: string, hash: number): boolean;
}

/** What can be asked of a page. Its text is searched as it came, so that a page's keys are in memory once. */
export function toPageKeys(page: KeyPage, json: string): PageKeys {
  const head = `{"key":${JSON.stringify(page.key)},"keys":[`;
  // Keys stand in the text as they are only where nothing is escaped, and are found only where nothing stands between.
  const isPlain = !json.includes('\\') && json === `${head}${JSON.stringify(page.keys).slice(1)}}`;
  if (!isPlain || json.length > MAX_OFFSET) return new Set(page.keys);
  return new IndexedPage(json, page.keys, head.length + 1);
}

const MAX_OFFSET = 0xffff;
const TAG = 0xffff0000 | 0;
const QUOTE = 34;

/**
 * A hash table over a page's text: about 12 bytes a key besides its characters. Exact: a key is compared character by
 * character.
 */
class IndexedPage implements PageKeys {
  readonly #text: string;
  /**
   * Open addressing, linear probing; its length is a power of 2. In the lower 16 bits the offset of a key, 0 where the
   * place is free; in the upper ones those of its hash, so that few keys have to be compared.
   */
  readonly #table: Int32Array;

  /** @param start offset of the first key; the next begins behind `","` */
  constructor(text: string, keys: readonly string[], start: number) {
    this.#text = text;
    this.#table = new Int32Array(2 ** Math.ceil(Math.log2(1.5 * (keys.length + 1))));
    const mask = this.#table.length - 1;
    let offset = start;
    for (const key of keys) {
      const hash = hashKey(key);
      let place = (hash >>> 16) & mask;
      while (this.#table[place] !== 0) place = (place + 1) & mask;
      this.#table[place] = (hash & TAG) | offset;
      offset += key.length + 3;
    }
  }

  has(key: string, hash: number): boolean {
    const table = this.#table;
    const mask = table.length - 1;
    const tag = hash & TAG;
    for (let place = (hash >>> 16) & mask; ; place = (place + 1) & mask) {
      const entry = table[place] ?? 0;
      if (entry === 0) return false;
      if ((entry & TAG) === tag && this.#isAt(key, entry & MAX_OFFSET)) return true;
    }
  }

  /** No key of the page has a quote in it; one that is asked for may, and look like two of them. */
  #isAt(key: string, offset: number): boolean {
    if (!this.#text.startsWith(key, offset)) return false;
    return this.#text.charCodeAt(offset + key.length) === QUOTE && !key.includes('"');
  }
}
