/** One call that may become late: a link of the chain of those that have equally long, in the order in which they are due. */
interface Waiting {
  /** By `performance.now()`. */
  readonly dueMs: number;
  readonly holdsProcess: boolean;
  readonly expire: () => void;
  previous: Waiting | undefined;
  next: Waiting | undefined;
  isOver: boolean;
}

/** When calls that all have equally long are late. */
class Deadline {
  readonly #afterMs: number;
  readonly #onIdle: () => void;
  // A chain of our own: a Set builds its table anew every few calls when each comes and goes.
  #first: Waiting | undefined;
  #last: Waiting | undefined;
  /** So many of them hold the process. */
  #holding = 0;
  #timer: NodeJS.Timeout;

  constructor(afterMs: number, onIdle: () => void) {
    this.#afterMs = afterMs;
    this.#onIdle = onIdle;
    this.#timer = this.#arm(afterMs);
  }

  begin(nowMs: number, holdsProcess: boolean, expire: () => void): () => void {
    const previous = this.#last;
    const dueMs = nowMs + this.#afterMs;
    const waiting: Waiting = { dueMs, holdsProcess, expire, previous, next: undefined, isOver: false };
    if (previous === undefined) this.#first = waiting;
    else previous.next = waiting;
    this.#last = waiting;
    if (holdsProcess && ++this.#holding === 1) this.#timer.ref();
    return () => this.#end(waiting);
  }

  #end(waiting: Waiting): void {
    if (waiting.isOver) return;
    waiting.isOver = true;
    const { previous, next } = waiting;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    // A call that never ends would keep all that came after it.
    waiting.previous = undefined;
    waiting.next = undefined;
    if (waiting.holdsProcess && --this.#holding === 0) this.#timer.unref();
  }

  #arm(ms: number): NodeJS.Timeout {
    const timer = setTimeout(() => this.#look(), ms);
    return this.#holding > 0 ? timer : timer.unref();
  }

  #look(): void {
    const nowMs = performance.now();
    for (let waiting = this.#first; waiting !== undefined; waiting = this.#first) {
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
