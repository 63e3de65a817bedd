/** Hashes have 32 bits. */
const ALL = 2 ** 32;

/**
 * Which subjects were seen, by their hashes, in bounded room: when there are too many, from then on only those whose hash is
 * below half the bound count. So it stays a fair sample of all subjects, whatever they were served and whoever saw them, and
 * what is left depends on who was seen alone, never on the order.
 */
export class SubjectSample {
  readonly #max: number;
  /** As signed integers, which V8 keeps unboxed. */
  readonly #hashes = new Set<number>();
  #bound = ALL;

  /** @param max so many are kept; 1 or more */
  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#hashes.size;
  }

  /** The share of all hashes that count at the moment: 1, or a power of a half. */
  get share(): number {
    return this.#bound / ALL;
  }

  /**
   * @param hash 0 to 2^32 - 1
   * @returns whether it counts and is seen for the first time
   */
  add(hash: number): boolean {
    if (hash >= this.#bound || this.#hashes.has(hash | 0)) return false;
    this.#hashes.add(hash | 0);
    while (this.#hashes.size > this.#max) {
      this.#bound /= 2;
      for (const each of this.#hashes) if (each >>> 0 >= this.#bound) this.#hashes.delete(each);
    }
    return hash < this.#bound;
  }
}
