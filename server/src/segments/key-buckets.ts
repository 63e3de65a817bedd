import { pageOf } from '@bunting/core';
import { inBatches } from '../changes/in-batches.ts';
import { MOST_PAGES } from './choose-pages.ts';

/** Collects the keys of a whole list, in the finest pages that there are. Coarser ones are made by joining these. */
export class KeyBuckets {
  readonly #buckets: string[][] = Array.from({ length: MOST_PAGES }, () => []);
  /** How many came, also repeated ones. */
  received = 0;

  add(key: string): void {
    this.received += 1;
    this.#buckets[pageOf(key, MOST_PAGES)]?.push(key);
  }

  addAll(keys: Iterable<string>): void {
    for (const key of keys) this.add(key);
  }

  /** Drops what was repeated. @returns how many different keys there are, and what they take as they travel */
  async settle(): Promise<{ count: number; bytes: number }> {
    let count = 0;
    let bytes = 0;
    for await (const batch of inBatches([...this.#buckets.entries()])) {
      for (const [at, bucket] of batch) {
        const keys = new Set(bucket);
        if (keys.size < bucket.length) this.#buckets[at] = [...keys];
        count += keys.size;
        for (const key of keys) bytes += travellingBytes(key);
      }
    }
    return { count, bytes };
  }

  has(key: string): boolean {
    return this.#buckets[pageOf(key, MOST_PAGES)]?.includes(key) ?? false;
  }

  /** The keys of one of `pages` pages: those of every bucket whose lowest bits are its number. */
  page(page: number, pages: number): string[] {
    const keys: string[] = [];
    for (let at = page; at < MOST_PAGES; at += pages) for (const key of this.#buckets[at] ?? []) keys.push(key);
    return keys;
  }
}

/** Of a key with its quotes and comma. Few need more than one escape. */
export function travellingBytes(key: string): number {
  return Buffer.byteLength(key) + 3;
}
