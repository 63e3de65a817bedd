/**
 * The origin's clock as far as it is known here: what it said last, plus the time since by the monotonic clock. This
 * machine's own clock may jump. Until the origin has spoken, it is this machine's clock as it was at the start.
 */
export class OriginClock {
  /** Origin's time minus `performance.now()`. */
  #offsetMs = Date.now() - performance.now();

  /** @param timeMs the origin's time now: milliseconds since 1970, UTC */
  set(timeMs: number): void {
    this.#offsetMs = timeMs - performance.now();
  }

  /** Milliseconds since 1970, UTC. */
  readonly nowMs = (): number => Math.round(performance.now() + this.#offsetMs);
}
