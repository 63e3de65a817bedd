/**
 * How old the data is: the age that the server gave for its own, plus the time since. Tells when the data becomes
 * stale and when it is fresh again. On the monotonic clock; its timer does not keep the process alive.
 */
export class Freshness {
  readonly #staleAfterMs: number;
  readonly #onStale: () => void;
  readonly #onFresh: () => void;
  /** When the data, as of now, was what the origin had. */
  #confirmedAtMs: number | undefined;
  /** Undefined until the first confirmation. */
  #fresh: boolean | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(staleAfterMs: number, on: { readonly stale: () => void; readonly fresh: () => void }) {
    this.#staleAfterMs = staleAfterMs;
    this.#onStale = on.stale;
    this.#onFresh = on.fresh;
  }

  /** Undefined while there is no data, or nobody knows. */
  get ageMs(): number | undefined {
    return this.#confirmedAtMs === undefined ? undefined : Math.max(0, performance.now() - this.#confirmedAtMs);
  }

  get isStale(): boolean {
    return (this.ageMs ?? Number.POSITIVE_INFINITY) > this.#staleAfterMs;
  }

  /** There is data that no server has confirmed to this process, of this age if that is known. Tells nobody. */
  recall(ageMs: number | undefined): void {
    this.#confirmedAtMs = ageMs === undefined ? undefined : performance.now() - ageMs;
  }

  /** The server says that the data was the origin's `originAgeMs` ago. */
  confirm(originAgeMs: number): void {
    this.#confirmedAtMs = performance.now() - originAgeMs;
    clearTimeout(this.#timer);
    if (!this.isStale) {
      this.#timer = setTimeout(() => this.#check(), Math.min(MAX_TIMER_MS, this.#staleAfterMs - originAgeMs + 1));
      this.#timer.unref();
    }
    this.#turn(!this.isStale);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #check(): void {
    if (this.isStale) this.#turn(false);
    else this.confirm(this.ageMs ?? 0);
  }

  #turn(fresh: boolean): void {
    const turned = this.#fresh !== fresh;
    this.#fresh = fresh;
    if (turned) (fresh ? this.#onFresh : this.#onStale)();
  }
}

/** Longer timers fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
