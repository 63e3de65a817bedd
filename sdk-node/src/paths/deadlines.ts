interface Waiting {
  /** By `performance.now()`. */
  readonly dueMs: number;
  readonly holdsProcess: boolean;
  readonly expire: () => void;
}

/** When calls that all have equally long are late. */
class Deadline {
  readonly #afterMs: number;
  readonly #onIdle: () => void;
  /** In the order in which they are due. */
  readonly #waiting = new Set<Waiting>();
  /** So many of them hold the process. */
  #holding = 0;
  #timer: NodeJS.Timeout;

  constructor(afterMs: number, onIdle: () => void) {
    this.#afterMs = afterMs;
    this.#onIdle = onIdle;
    this.#timer = this.#arm(afterMs);
  }

  begin(nowMs: number, holdsProcess: boolean, expire: () => void): () => void {
    const waiting = { dueMs: nowMs + this.#afterMs, holdsProcess, expire };
    this.#waiting.add(waiting);
    if (holdsProcess && ++this.#holding === 1) this.#timer.ref();
    return () => this.#end(waiting);
  }

  #end(waiting: Waiting): void {
    if (this.#waiting.delete(waiting) && waiting.holdsProcess && --this.#holding === 0) this.#timer.unref();
  }

  #arm(ms: number): NodeJS.Timeout {
    const timer = setTimeout(() => this.#look(), ms);
    return this.#holding > 0 ? timer : timer.unref();
  }

  #look(): void {
    const nowMs = performance.now();
    for (const waiting of this.#waiting) {
      if (waiting.dueMs > nowMs) {
        this.#timer = this.#arm(Math.ceil(waiting.dueMs - nowMs));
        return;
      }
      this.#end(waiting);
      waiting.expire();
    }
    this.#onIdle();
  }
}

/**
 * Says when calls are late. Calls that have equally long share one timer, which is set again only when it has gone off: to
 * set and clear one for each would cost as much as all else that measuring a call costs.
 */
export class Deadlines {
  readonly #byMs = new Map<number, Deadline>();

  /**
   * @param nowMs when the call began, by `performance.now()`
   * @param holdsProcess true: the process stays until it is late or over
   * @param expire called when it is late; must not throw
   * @returns to be called when it is over
   */
  begin(afterMs: number, nowMs: number, holdsProcess: boolean, expire: () => void): () => void {
    let deadline = this.#byMs.get(afterMs);
    if (deadline === undefined) {
      deadline = new Deadline(afterMs, () => this.#byMs.delete(afterMs));
      this.#byMs.set(afterMs, deadline);
    }
    return deadline.begin(nowMs, holdsProcess, expire);
  }
}
