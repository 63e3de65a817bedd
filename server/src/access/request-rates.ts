import { addressGroup } from '../http/address-group.ts';
import { ApiError } from '../http/api-error.ts';
import { Throttle } from '../http/throttle.ts';

export interface RequestRateSettings {
  /** 0: no bound. */
  readonly requestsPerCallerPerSecond: number;
  /** Of requests that come without a valid credential. 0: no bound. */
  readonly requestsPerAddressPerSecond: number;
}

/**
 * What a request counts for. Each has a quota of its own, so that none can use up another's: a caller whose program has
 * run wild can still kill.
 */
export type Quota = 'caller' | 'kills' | 'signals' | 'address';

/** After a pause, so many seconds' worth may come at once. */
const BURST_S = 2;

/** Callers and addresses remembered at most, of each quota. */
const CAPACITY = 20_000;

/** Which headers an answer gets, by the draft RateLimit header fields for HTTP (draft-ietf-httpapi-ratelimit-headers-08 to -11). */
export type RateHeaders = Readonly<Record<'ratelimit' | 'ratelimit-policy', string>>;

/**
 * Bounds what one caller, or one address without a valid credential, may ask of this server's API. Whoever is known never
 * counts by address: many may share one, and one of them must not lock out the others.
 */
export class RequestRates {
  readonly #quotas: Readonly<Record<Quota, { readonly perSecond: number; readonly throttle: Throttle } | undefined>>;

  constructor({ requestsPerCallerPerSecond, requestsPerAddressPerSecond }: RequestRateSettings) {
    const callers = quotaOf(requestsPerCallerPerSecond);
    const kills = quotaOf(requestsPerCallerPerSecond);
    const signals = quotaOf(requestsPerCallerPerSecond);
    this.#quotas = { caller: callers, kills, signals, address: quotaOf(requestsPerAddressPerSecond) };
  }

  /**
   * Counts a request.
   * @param who a name of the credential's holder; for `address` an IP address
   * @returns what the answer tells of what is left; undefined without a bound
   * @throws {ApiError} `rate_limited`, with the same and Retry-After
   */
  take(quota: Quota, who: string): RateHeaders | undefined {
    const bounds = this.#quotas[quota];
    if (bounds === undefined) return undefined;
    const { perSecond, throttle } = bounds;
    const name = quota === 'address' ? addressGroup(who) : who;
    const nowMs = performance.now();
    const waitMs = throttle.take(name, nowMs);
    const { left, fullInMs } = throttle.state(name, nowMs);
    const headers = {
      'ratelimit-policy': `"${quota}";q=${BURST_S * perSecond};w=${BURST_S}`,
      ratelimit: `"${quota}";r=${left};t=${Math.ceil(fullInMs / 1000)}`,
    };
    if (waitMs === 0) return headers;
    const retryAfterS = Math.ceil(waitMs / 1000);
    const message = `${MESSAGES[quota]} Go on in ${retryAfterS} s, with at most ${perSecond} a second.`;
    throw new ApiError('rate_limited', message, undefined, { ...headers, 'retry-after': String(retryAfterS) });
  }
}

const MESSAGES: Readonly<Record<Quota, string>> = {
  caller: 'You, or this key, send too many requests.',
  kills: 'You, or this key, send too many kills.',
  signals: 'This source sends too many signals that match nothing.',
  address: 'Too many requests without a valid credential come from this address.',
};

function quotaOf(perSecond: number) {
  if (perSecond === 0) return undefined;
  const options = { burst: BURST_S * perSecond, refillMs: 1000 / perSecond, capacity: CAPACITY };
  return { perSecond, throttle: new Throttle(options) };
}
