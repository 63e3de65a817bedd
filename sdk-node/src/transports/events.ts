import type { ClientRequest, IncomingMessage } from 'node:http';
import type { ClientMessage, HelloMessage } from '@bunting/core';
import { EventParser } from './event-parser.ts';
import { HttpClient, HttpError, lossOf } from './http-client.ts';
import { stampOf, wordOf, wordOfEtag } from './position.ts';
import { Reporter } from './reporter.ts';
import type { Stamp, Transport, TransportOptions, TransportOwner } from './transport.ts';
import { MAX_MESSAGE_BYTES } from './unpack.ts';

/** The server confirms a connection this often; it is answered as often. */
const HEARTBEAT_MS = 15_000;

/**
 * One response that does not end, of server-sent events; the other way goes by POST. Events are not packed, so who has
 * nothing yet asks for a packed snapshot first. It is only delivered with the first event: by itself it would make events
 * that never come look live.
 */
export class EventsTransport implements Transport {
  readonly #owner: TransportOwner;
  readonly #http: HttpClient;
  readonly #reporter: Reporter;
  #request: ClientRequest | undefined;
  #first: { readonly text: string; readonly stamp: Stamp } | undefined;
  #isOver = false;

  constructor({ url, hello }: TransportOptions, owner: TransportOwner) {
    this.#owner = owner;
    this.#http = new HttpClient(url, hello.key);
    this.#reporter = new Reporter(this.#http, hello, HEARTBEAT_MS, (message) =>
      this.#tell(() => this.#owner.inform(message)),
    );
    void this.#follow(hello);
  }

  send(message: ClientMessage): boolean {
    return this.#reporter.send(message);
  }

  drop(): void {
    this.#isOver = true;
    this.#request?.destroy();
    this.#http.close();
  }

  async finish(): Promise<void> {
    this.#isOver = true;
    // The report is first: the end of the events alone would make this instance a lost one.
    await this.#reporter.finish();
    this.drop();
  }

  async #follow({ have }: HelloMessage): Promise<void> {
    try {
      const response = await this.#open(wordOf(have) ?? (await this.#fetchFirst()));
      const type = response.headers['content-type'] ?? 'nothing';
      if (!type.startsWith('text/event-stream')) {
        throw new HttpError({ closeCode: 0, fault: 'denied', detail: `events were asked for, and ${type} came` });
      }
      this.#tell(() => this.#owner.opened());
      await this.#read(response);
      throw new Error('the events ended');
    } catch (cause) {
      this.#tell(() => {
        this.drop();
        this.#owner.lost(lossOf(cause));
      });
    }
  }

  /** @returns what is had by it */
  async #fetchFirst(): Promise<string | undefined> {
    const { headers, text } = await this.#http.call({ path: '/snapshot', headers: { 'accept-encoding': 'gzip' } });
    this.#first = { text, stamp: stampOf(headers) };
    return wordOfEtag(headers.etag);
  }

  async #open(have: string | undefined): Promise<IncomingMessage> {
    if (this.#isOver) throw new Error('it was dropped meanwhile');
    const query = { connection: this.#reporter.connection, have };
    const headers = { accept: 'text/event-stream', 'cache-control': 'no-cache' };
    const { request, response } = this.#http.open({ path: '/events', query, headers });
    this.#request = request;
    return await response;
  }

  #deliver(data: string): void {
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined) this.#tell(() => this.#owner.deliver(first.text, first.stamp));
    this.#tell(() => this.#owner.deliver(data));
  }

  async #read(response: IncomingMessage): Promise<void> {
    const parser = new EventParser((data) => this.#deliver(data), MAX_MESSAGE_BYTES);
    response.setEncoding('utf8');
    for await (const chunk of response as AsyncIterable<string>) {
      if (this.#isOver) return;
      if (parser.put(chunk)) continue;
      this.#tell(() => this.#owner.fail(`an event of more than ${MAX_MESSAGE_BYTES} characters`));
      return;
    }
  }

  #tell(what: () => void): void {
    if (!this.#isOver) what();
  }
}
