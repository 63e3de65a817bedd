import { type ClientMessage, encode } from '@bunting/core';
import { HttpClient, lossOf } from './http-client.ts';
import { stampOf, wordOf, wordOfEtag } from './position.ts';
import { Reporter } from './reporter.ts';
import { HEARTBEAT_EVERY_MS, type Transport, type TransportOptions, type TransportOwner } from './transport.ts';

/** How far the waits between polls differ from the interval, either way, so that instances do not come at once. */
const JITTER = 0.2;

/** Asks again and again what changed; the other way goes by POST. */
export class PollingTransport implements Transport {
  readonly #owner: TransportOwner;
  readonly #http: HttpClient;
  readonly #reporter: Reporter;
  readonly #intervalMs: number;
  /** What the server is told we have, in its own words after the first answer. */
  #have: string | undefined;
  #etag: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor({ url, hello, pollIntervalMs }: TransportOptions, owner: TransportOwner) {
    this.#owner = owner;
    this.#http = new HttpClient(url, hello.key);
    // The first poll after a heartbeat may be answered again is answered by one.
    const reportIntervalMs = HEARTBEAT_EVERY_MS + Math.ceil(pollIntervalMs * (1 + JITTER));
    this.#reporter = new Reporter(this.#http, hello, reportIntervalMs, (message) =>
      this.#tell(() => this.#owner.inform(message)),
    );
    this.#intervalMs = pollIntervalMs;
    this.#have = wordOf(hello.have);
    void this.#poll();
  }

  send(message: ClientMessage): boolean {
    return this.#reporter.send(message);
  }

  drop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#http.close();
  }

  async finish(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#reporter.finish();
    this.drop();
  }

  async #poll(): Promise<void> {
    try {
      const call = {
        path: '/snapshot',
        query: { have: this.#have },
        headers: { 'accept-encoding': 'gzip', 'if-none-match': this.#etag },
      };
      const { status, headers, text } = await this.#http.call(call, () => this.#tell(() => this.#owner.opened()));
      const stamp = stampOf(headers);
      if (status !== 304) {
        for (const message of text.split('\n\n')) this.#tell(() => this.#owner.deliver(message, stamp));
        this.#etag = headers.etag;
        this.#have = wordOfEtag(headers.etag);
      }
      this.#tell(() => this.#owner.deliver(encode({ type: 'heartbeat', ...stamp })));
      this.#schedule();
    } catch (cause) {
      this.#tell(() => {
        this.drop();
        this.#owner.lost(lossOf(cause));
      });
    }
  }

  #schedule(): void {
    if (this.#isOver) return;
    const delayMs = this.#intervalMs * (1 - JITTER + 2 * JITTER * Math.random());
    this.#timer = setTimeout(() => void this.#poll(), delayMs);
    this.#timer.unref();
  }

  #tell(what: () => void): void {
    if (!this.#isOver) what();
  }
}
