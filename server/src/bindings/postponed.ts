/** More are not kept: each is a target that may still want a kill. */
const MAX_POSTPONED = 1_000;

/** Things to be done again later, each under a name, until they are cancelled. In memory alone. */
export class Postponed {
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** @returns false when there are too many, or it waits already */
  add(name: string, afterMs: number, work: () => void): boolean {
    if (this.#timers.has(name) || this.#timers.size >= MAX_POSTPONED) return false;
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      work();
    }, afterMs).unref();
    this.#timers.set(name, timer);
    return true;
  }

  cancel(name: string): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  close(): void {
    for (const name of [...this.#timers.keys()]) this.cancel(name);
  }
}
