/** How many attempts are let through: `burst` at once, then one for each `refillMs`. */
export interface ThrottleOptions {
  readonly burst: number;
  readonly refillMs: number;
  /** Names remembered at most; the longest untouched is forgotten first. */
  readonly capacity?: number;
}

/** What sums of fractions of a millisecond may be off by, in attempts. */
const ROUNDING = 1e-6;

interface Bucket {
  /** When the bucket is full again. Each attempt moves it `refillMs` further. */
  fullAtMs: number;
}

/** Token buckets by name (an address, an account), in bounded memory. */
export class Throttle {
  readonly #buckets = new Map<string, Bucket>();
  readonly #options: Required<ThrottleOptions>;

  constructor(options: ThrottleOptions) {
    this.#options = { capacity: 10_000, ...options };
  }

  /** Takes one attempt. @returns 0 when it may go ahead, else the milliseconds until one may. */
  take(name: string, nowMs: number): number {
    const { burst, refillMs, capacity } = this.#options;
    const bucket = this.#buckets.get(name) ?? { fullAtMs: nowMs };
    const fullAtMs = Math.max(bucket.fullAtMs, nowMs) + refillMs;
    const waitMs = fullAtMs - nowMs - burst * refillMs;
    if (waitMs > ROUNDING * refillMs) return waitMs;
    // Deleted first, so that the map stays in the order of use.
    this.#buckets.delete(name);
    this.#buckets.set(name, { fullAtMs });
    if (this.#buckets.size > capacity) {
      const oldest = this.#buckets.keys().next();
      if (!oldest.done) this.#buckets.delete(oldest.value);
    }
    return 0;
  }

  /** How many attempts may go ahead at once, and how long until all of the burst may, in milliseconds. */
  state(name: string, nowMs: number): { left: number; fullInMs: number } {
    const { burst, refillMs } = this.#options;
    const fullInMs = Math.max(0, (this.#buckets.get(name)?.fullAtMs ?? 0) - nowMs);
    return { left: Math.floor(burst - fullInMs / refillMs + ROUNDING), fullInMs };
  }

  /** Gives the attempts back, after one that succeeded. */
  reset(name: string): void {
    this.#buckets.delete(name);
  }
}
