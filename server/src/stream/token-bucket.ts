/** Lets so much through in a second, and after a pause a burst at once. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  /** Below zero: what was taken in advance. */
  #tokens: number;
  #filledAtMs = performance.now();

  /** @param burst default: as much as comes in a tenth of a second */
  constructor(perSecond: number, burst = Math.max(1, perSecond / 10)) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#tokens = this.#burst;
  }

  /** May take more than there is: those who come after wait for it. */
  take(tokens: number): void {
    this.#fill();
    this.#tokens -= tokens;
  }

  /** How long until a token is there, in milliseconds; 0 when one is. */
  waitMs(): number {
    this.#fill();
    return this.#tokens >= 1 ? 0 : (1 - this.#tokens) / this.#perMs;
  }

  #fill(): void {
    const nowMs = performance.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#filledAtMs) * this.#perMs);
    this.#filledAtMs = nowMs;
  }
}
