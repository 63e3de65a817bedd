/** How old data is: how long ago the origin last confirmed that it is the newest, by the monotonic clock. */
export class DataAge {
  #confirmedTickMs: number | undefined;

  /** The data is what the origin had `ageMs` ago. */
  confirm(ageMs: number): void {
    this.#confirmedTickMs = performance.now() - Math.max(0, ageMs);
  }

  /** In milliseconds; undefined while there is no data. */
  get ms(): number | undefined {
    return this.#confirmedTickMs === undefined ? undefined : Math.max(0, performance.now() - this.#confirmedTickMs);
  }
}
