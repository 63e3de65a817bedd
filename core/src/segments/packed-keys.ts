/**
 * A set of strings kept as one text, keys separated by line ends, and a hash table of where each begins: 4 to 8 bytes a
 * key besides its characters, against some 70 for a set of strings. Exact: a hit is compared character by character.
 */
export class PackedKeys {
  readonly size: number;
  readonly #text: string;
  /** Open addressing, linear probing: the offset of a key plus 1; 0 is a free place. Its length is a power of 2. */
  readonly #table: Uint32Array;

  constructor(text: string) {
    this.#text = text;
    this.#table = new Uint32Array(2 ** Math.ceil(Math.log2(1.5 * (countLines(text) + 1))));
    // Hashes are compared before texts, and forgotten afterwards: reading text all over the place is what takes time.
    const hashes = new Int32Array(this.#table.length);
    let size = 0;
    for (let from = 0; from < text.length; ) {
      const newline = text.indexOf('\n', from);
      const end = newline === -1 ? text.length : newline;
      if (end > from && this.#insert(from, end, hashes)) size += 1;
      from = end + 1;
    }
    this.size = size;
  }

  has(key: string): boolean {
    if (key === '' || key.includes('\n')) return false;
    const mask = this.#table.length - 1;
    for (let place = hashOf(key, 0, key.length) & mask; ; place = (place + 1) & mask) {
      const entry = this.#table[place] ?? 0;
      if (entry === 0) return false;
      if (this.#isAt(key, entry - 1)) return true;
    }
  }

  /** Adds the key at `from..end` of the text; false when it is there already. */
  #insert(from: number, end: number, hashes: Int32Array): boolean {
    const mask = this.#table.length - 1;
    const hash = hashOf(this.#text, from, end);
    let place = hash & mask;
    for (let entry = this.#table[place] ?? 0; entry !== 0; entry = this.#table[place] ?? 0) {
      if (hashes[place] === hash && this.#isAt(this.#text.slice(from, end), entry - 1)) return false;
      place = (place + 1) & mask;
    }
    this.#table[place] = from + 1;
    hashes[place] = hash;
    return true;
  }

  #isAt(key: string, offset: number): boolean {
    const end = offset + key.length;
    if (end > this.#text.length || (end < this.#text.length && this.#text.charCodeAt(end) !== NEWLINE)) return false;
    return this.#text.startsWith(key, offset);
  }
}

const NEWLINE = 10;

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** FNV-1a over UTF-16 units, finished by murmur's mixer so that the low bits are as good as the others. */
function hashOf(text: string, from: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
