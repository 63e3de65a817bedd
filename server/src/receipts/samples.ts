/** Durations in milliseconds, kept as 32-bit floats: 10 000 of them take 40 KB. */
export class Samples {
  #values = new Float32Array(16);
  #size = 0;
  #sorted: Float32Array | undefined;

  get size(): number {
    return this.#size;
  }

  add(ms: number): void {
    if (this.#size === this.#values.length) {
      const larger = new Float32Array(this.#size * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#size] = ms;
    this.#size += 1;
    this.#sorted = undefined;
  }

  /** Ascending; sorted when asked for, once. */
  ascending(): Float32Array {
    this.#sorted ??= this.#values.slice(0, this.#size).sort();
    return this.#sorted;
  }
}
