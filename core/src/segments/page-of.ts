import { murmur, murmurPrefix } from '../bucketing/murmur.ts';
import type { KeyListName } from '../model.ts';

/** The most pages that a key list may be cut into: a power of 2. */
export const MAX_PAGES = 65_536;

const NOTHING = murmurPrefix('');

/** Murmur3 x86_32 (seed 0) of a key's UTF-8. Its lower 16 bits choose the page, its upper ones the place in it. */
export function hashKey(key: string): number {
  return murmur(NOTHING, key);
}

/** Which of a list's pages (a power of 2) holds a key, from 0: the lowest bits of its hash. */
export function pageOf(key: string, pages: number): number {
  return hashKey(key) & (pages - 1);
}

/** The key of the document that holds a page. */
export function pageKey(segment: string, list: KeyListName, page: number): string {
  return `${segment}/${list}/${page}`;
}

/** The list (`<segment>/<included|excluded>`) and page that a document's key names; undefined when it names none. */
export function readPageKey(key: string): { readonly list: string; readonly page: number } | undefined {
  const cut = key.lastIndexOf('/');
  const digits = key.slice(cut + 1);
  const page = Number(digits);
  const isCanonical = Number.isInteger(page) && page >= 0 && page < MAX_PAGES && String(page) === digits;
  return cut > 0 && isCanonical ? { list: key.slice(0, cut), page } : undefined;
}
