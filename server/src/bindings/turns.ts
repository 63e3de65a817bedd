import { setImmediate } from 'node:timers/promises';

/** So many are under way or wait for their turn. */
const MAX_WAITING = 1_000;

interface Turn {
  isCancelled: boolean;
  /** Since it began. */
  work?: Promise<unknown>;
}

/**
 * Work that is not urgent: it begins one after the other, so that a flood of it holds up no kill, as SQLite keeps this thread
 * busy.
 */
export class Turns {
  readonly #byName = new Map<string, Turn>();
  #last: Promise<void> = Promise.resolve();

  /** True: a flood is on. What comes now has to share a turn. */
  get isFull(): boolean {
    return this.#byName.size >= MAX_WAITING;
  }

  /** @param name under which nothing waits yet. @returns undefined when it was cancelled before it began */
  async run<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    const turn: Turn = { isCancelled: false };
    this.#byName.set(name, turn);
    this.#last = this.#last.then(() => setImmediate());
    await this.#last;
    try {
      if (turn.isCancelled) return undefined;
      const working = work();
      turn.work = working;
      return await working;
    } finally {
      this.#byName.delete(name);
    }
  }

  /** What has not begun never does; what has is waited for. Never rejects. */
  async cancel(name: string): Promise<void> {
    const turn = this.#byName.get(name);
    if (turn === undefined) return;
    turn.isCancelled = true;
    await turn.work?.catch(() => {});
  }
}
