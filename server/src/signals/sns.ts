import type { AddressPolicy } from '../egress/address-policy.ts';
import { send } from '../egress/send.ts';
import { ApiError } from '../http/api-error.ts';
import { Throttle } from '../http/throttle.ts';
import type { Certificates } from './adapter.ts';

/** There are a few a region, and each lasts for months. */
const CAPACITY = 50;
const MAX_BYTES = 16 * 1024;
const TIMEOUT_MS = 2_000;
/** Who forges messages makes this server fetch so many at once, then one for each interval. */
const FETCHES = { burst: 10, refillMs: 10_000 };

/** What is asked of SNS: the certificates that it signs by, each once, and that it sends from now on. */
export class Sns implements Certificates {
  readonly #policy: AddressPolicy;
  readonly #known = new Map<string, Promise<string>>();
  readonly #throttle = new Throttle(FETCHES);

  constructor(policy: AddressPolicy) {
    this.#policy = policy;
  }

  find(url: string): Promise<string> {
    const known = this.#known.get(url);
    if (known !== undefined) return known;
    if (this.#throttle.take('fetch', performance.now()) > 0) throw unavailable('too many others were asked for lately');
    const fetching = this.#fetch(url).catch((error: Error) => {
      this.#known.delete(url);
      throw unavailable(error.message);
    });
    this.#known.set(url, fetching);
    if (this.#known.size > CAPACITY) this.#known.delete([...this.#known.keys()][0] ?? url);
    return fetching;
  }

  /**
   * Tells SNS that a topic may send here.
   * @param url one that was checked to be of SNS
   * @throws {Error} that says why it did not take it
   */
  async confirm(url: string): Promise<void> {
    await this.#fetch(url);
  }

  async #fetch(url: string): Promise<string> {
    const request = { url, method: 'GET', headers: {}, timeoutMs: TIMEOUT_MS, maxAnswerBytes: MAX_BYTES } as const;
    const { status, body } = await send(this.#policy, request);
    if (status !== 200) throw new Error(`it answers ${status}`);
    return body;
  }
}

function unavailable(reason: string): ApiError {
  const message = `The certificate that the message is signed by cannot be had: ${reason}. It is looked for again with the next delivery.`;
  return new ApiError('certificate_unavailable', message, undefined, { 'retry-after': '5' });
}
