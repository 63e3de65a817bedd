/** The most keys of one list. */
export const MAX_KEYS = 1_000_000;

/** A list of up to this many keys is in the segment's document, where it is looked up fastest. */
const MAX_IN_DOCUMENT = 256;
/** A list that was in pages comes back into the document below this. Less than the above, so that none goes to and fro. */
const MIN_IN_PAGES = 128;

/** Keys a page, on average, when a list is cut: 32 to 64. Few, because one key that changes sends its page. */
const TARGET = 64;
/** A list is cut anew outside of these. */
const FULL = 88;
const SPARSE = 20;

/**
 * How many pages a list of `count` keys is cut into: a power of 2, or 0 for none, which is in the document. Cutting anew
 * sends every key, so that does not happen before a third of them came or went.
 */
export function choosePages(count: number, current: number): number {
  if (count <= (current === 0 ? MAX_IN_DOCUMENT : MIN_IN_PAGES)) return 0;
  if (current > 0 && count <= current * FULL && count >= current * SPARSE) return current;
  return 2 ** Math.ceil(Math.log2(count / TARGET));
}

/** What the longest list is cut into. */
export const MOST_PAGES = choosePages(MAX_KEYS, 0);
