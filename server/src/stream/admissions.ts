import type { Metrics } from '../metrics/metrics.ts';
import { TokenBucket } from './token-bucket.ts';
import type { Turns } from './turns.ts';

export interface AdmissionsOptions {
  readonly admitsPerSecond: number;
  /** When nothing more may leave as snapshots, nobody is let in either. */
  readonly snapshotBytes: TokenBucket;
  /** Who would have to wait for longer, in milliseconds, is sent away. */
  readonly maxWaitMs: number;
  readonly turns: Turns;
  readonly metrics: Metrics;
}

/**
 * Lets connections in at a pace that leaves the server responsive, however many come at once. Those who need not wait
 * for long do, in the order in which they came; the others are told when to come back, each at a time of its own.
 */
export class Admissions {
  readonly #options: AdmissionsOptions;
  readonly #admits: TokenBucket;
  #queue: (() => void)[] = [];
  #isLettingIn = false;
  /** When the next one who is sent away may come back, by `performance.now()`. */
  #nextReturnMs = 0;

  constructor(options: AdmissionsOptions) {
    this.#options = options;
    this.#admits = new TokenBucket(options.admitsPerSecond);
  }

  /** How long one more has to stay away, in milliseconds; undefined when it may come in, or wait. */
  turnAway(): number | undefined {
    const { admitsPerSecond, maxWaitMs, metrics } = this.#options;
    const spaceMs = 1000 / admitsPerSecond;
    const waitMs = this.#waitMs() + this.#queue.length * spaceMs;
    if (waitMs <= maxWaitMs) return undefined;
    metrics.admissions.inc({ outcome: 'sent_away' });
    const nowMs = performance.now();
    this.#nextReturnMs = Math.max(this.#nextReturnMs, nowMs + waitMs) + spaceMs;
    return Math.ceil(this.#nextReturnMs - nowMs);
  }

  /** Calls `letIn` when it is one's turn: now, unless others wait. */
  enter(letIn: () => void): void {
    const { metrics, turns } = this.#options;
    if (this.#queue.length === 0 && this.#waitMs() === 0) {
      metrics.admissions.inc({ outcome: 'at_once' });
      this.#admits.take(1);
      letIn();
      return;
    }
    metrics.admissions.inc({ outcome: 'after_wait' });
    this.#queue.push(letIn);
    metrics.admissionQueue.set(this.#queue.length);
    if (this.#isLettingIn) return;
    this.#isLettingIn = true;
    void turns.run(this.#letIn());
  }

  close(): void {
    this.#queue = [];
  }

  *#letIn(): Generator<void> {
    while (this.#queue.length > 0) {
      const waitMs = this.#waitMs();
      if (waitMs > 0) {
        // Turns are not for waiting.
        setTimeout(() => void this.#options.turns.run(this.#letIn()), waitMs).unref();
        return;
      }
      this.#admits.take(1);
      const letIn = this.#queue.shift();
      this.#options.metrics.admissionQueue.set(this.#queue.length);
      letIn?.();
      yield;
    }
    this.#isLettingIn = false;
  }

  #waitMs(): number {
    return Math.max(this.#admits.waitMs(), this.#options.snapshotBytes.waitMs());
  }
}
