import { StoreLost } from './store-error.ts';

/** Lets a number of callers work at once; the others wait their turn, but not for ever. */
export class Slots {
  readonly #patienceMs: number;
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(count: number, patienceMs: number) {
    this.#free = count;
    this.#patienceMs = patienceMs;
  }

  /** @throws {StoreLost} when no turn came in time; then `work` was not begun */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await this.#turn();
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      // Handed on, so that nobody comes in between.
      if (next === undefined) this.#free++;
      else next();
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const take = () => {
        clearTimeout(timer);
        this.#waiting.delete(take);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(take);
        reject(new StoreLost(`too many changes wait for the database: no turn within ${this.#patienceMs} ms`));
      }, this.#patienceMs);
      this.#waiting.add(take);
    });
  }
}
