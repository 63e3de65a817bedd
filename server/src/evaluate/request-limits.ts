import type { Config } from '../config/config.ts';
import { ApiError } from '../http/api-error.ts';
import type { KnownKey } from '../keys/key-ring.ts';
import { TokenBucket } from '../stream/token-bucket.ts';

export type RequestLimitSettings = Pick<
  Config,
  'evaluationsPerKeyPerSecond' | 'evaluationsPerAddressPerSecond' | 'eventStreamsPerKey'
>;

/** After a pause, so many seconds' worth may come at once. */
const BURST_S = 2;

/** Of those who are counted apart, the ones that came first are forgotten past this many. */
const MAX_BUCKETS = 20_000;

/** How long who may not open another stream is to wait: others have to end first. */
const STREAM_RETRY_S = 30;

/** Bounds what one key, or one address with a public key, may ask of this server. Kept in memory. */
export class RequestLimits {
  readonly #keys: Buckets;
  readonly #addresses: Buckets;
  readonly #maxStreams: number;
  readonly #streams = new Map<string, number>();

  constructor(settings: RequestLimitSettings) {
    this.#keys = new Buckets(settings.evaluationsPerKeyPerSecond);
    this.#addresses = new Buckets(settings.evaluationsPerAddressPerSecond);
    this.#maxStreams = settings.eventStreamsPerKey;
  }

  /**
   * Lets a caller in whom `find` finds.
   * @throws {ApiError} what `find` throws, or `rate_limited`, with Retry-After
   */
  admit<C extends { readonly key: KnownKey }>(address: string, find: () => C): C {
    let caller: C;
    try {
      caller = find();
    } catch (error) {
      // Guessing keys is bounded, too.
      takeFrom(this.#addresses, address, 'address');
      throw error;
    }
    if (caller.key.kind === 'client') takeFrom(this.#addresses, address, 'address');
    takeFrom(this.#keys, caller.key.id, 'key');
    return caller;
  }

  /**
   * Lets a response stay open.
   * @returns to be called when it has ended
   * @throws {ApiError} `rate_limited` when there are too many with this key
   */
  openStream({ id }: KnownKey): () => void {
    const count = this.#streams.get(id) ?? 0;
    if (count >= this.#maxStreams) throw tooMany('event streams are open with this key', STREAM_RETRY_S);
    this.#streams.set(id, count + 1);
    return () => {
      const left = (this.#streams.get(id) ?? 1) - 1;
      if (left === 0) this.#streams.delete(id);
      else this.#streams.set(id, left);
    };
  }
}

function takeFrom(buckets: Buckets, name: string, what: string): void {
  const waitMs = buckets.take(name);
  if (waitMs > 0) throw tooMany(`evaluations are asked for with this ${what}`, Math.ceil(waitMs / 1000));
}

function tooMany(what: string, retryAfterS: number): ApiError {
  return new ApiError('rate_limited', `Too many ${what}. Try again in ${retryAfterS} s.`, undefined, {
    'retry-after': String(retryAfterS),
  });
}

/** Token buckets by name. */
class Buckets {
  readonly #perSecond: number;
  readonly #byName = new Map<string, TokenBucket>();

  /** @param perSecond 0: no bound */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** @returns 0 when a token was there, else how long until one is, in milliseconds */
  take(name: string): number {
    if (this.#perSecond === 0) return 0;
    let bucket = this.#byName.get(name);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#perSecond, BURST_S * this.#perSecond);
      this.#byName.set(name, bucket);
      if (this.#byName.size > MAX_BUCKETS) this.#forgetFirst();
    }
    const waitMs = bucket.waitMs();
    if (waitMs === 0) bucket.take(1);
    return waitMs;
  }

  #forgetFirst(): void {
    for (const name of this.#byName.keys()) {
      this.#byName.delete(name);
      return;
    }
  }
}
