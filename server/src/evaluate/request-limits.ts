import type { Config } from '../config/config.ts';
import { addressGroup } from '../http/address-group.ts';
import { ApiError } from '../http/api-error.ts';
import { Throttle } from '../http/throttle.ts';
import type { KnownKey } from '../keys/key-ring.ts';

export type RequestLimitSettings = Pick<
  Config,
  'evaluationsPerKeyPerSecond' | 'evaluationsPerAddressPerSecond' | 'eventStreamsPerKey'
>;

/** After a pause, so many seconds' worth may come at once. */
const BURST_S = 2;

/** Keys and addresses remembered at most. */
const CAPACITY = 20_000;

/** How long who may not open another stream is to wait: others have to end first. */
const STREAM_RETRY_S = 30;

/** Bounds what one key, or one address with a public key, may ask of this server. Kept in memory. */
export class RequestLimits {
  readonly #keys: Throttle | undefined;
  readonly #addresses: Throttle | undefined;
  readonly #maxStreams: number;
  readonly #streams = new Map<string, number>();

  constructor(settings: RequestLimitSettings) {
    this.#keys = throttleOf(settings.evaluationsPerKeyPerSecond);
    this.#addresses = throttleOf(settings.evaluationsPerAddressPerSecond);
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
      takeFrom(this.#addresses, addressGroup(address), 'address');
      throw error;
    }
    if (caller.key.kind === 'client') takeFrom(this.#addresses, addressGroup(address), 'address');
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

/** @param perSecond 0: no bound */
function throttleOf(perSecond: number): Throttle | undefined {
  if (perSecond === 0) return undefined;
  return new Throttle({ burst: BURST_S * perSecond, refillMs: 1000 / perSecond, capacity: CAPACITY });
}

function takeFrom(throttle: Throttle | undefined, name: string, what: string): void {
  const waitMs = throttle?.take(name, performance.now()) ?? 0;
  if (waitMs > 0) throw tooMany(`evaluations are asked for with this ${what}`, Math.ceil(waitMs / 1000));
}

function tooMany(what: string, retryAfterS: number): ApiError {
  return new ApiError('rate_limited', `Too many ${what}. Try again in ${retryAfterS} s.`, undefined, {
    'retry-after': String(retryAfterS),
  });
}
