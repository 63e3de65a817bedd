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
  /** When the origin looked after what is leased. */
  #vouchedAtMs = Number.NEGATIVE_INFINITY;
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

  /** How long ago what is leased was looked after; Infinity: nobody knows. */
  readonly contactAgeMs = (): number => performance.now() - this.#vouchedAtMs;

  get isStale(): boolean {
    return (this.ageMs ?? Number.POSITIVE_INFINITY) > this.#staleAfterMs;
  }

  /** There is data that no server has confirmed to this process, of this age if that is known. Tells nobody. */
  recall(ageMs: number | undefined): void {
    this.#confirmedAtMs = ageMs === undefined ? undefined : performance.now() - ageMs;
    this.#vouchedAtMs = this.#confirmedAtMs ?? Number.NEGATIVE_INFINITY;
  }

  /**
   * The server says that the data was the origin's `originAgeMs` ago, and that this looked after what is leased `vouchAgeMs`
   * ago. Who passes that on may know less of the origin than its age says.
   */
  confirm(originAgeMs: number, vouchAgeMs = originAgeMs): void {
    this.#confirmedAtMs = performance.now() - originAgeMs;
    this.#vouchedAtMs = performance.now() - Math.max(originAgeMs, vouchAgeMs);
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
    else this.confirm(this.ageMs ?? 0, this.contactAgeMs());
  }

  #turn(fresh: boolean): void {
    const turned = this.#fresh !== fresh;
    this.#fresh = fresh;
    if (turned) (fresh ? this.#onFresh : this.#onStale)();
  }
}

/** Longer timers fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
