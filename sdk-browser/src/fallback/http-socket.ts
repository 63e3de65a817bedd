import { CLOSE } from '../protocol.ts';
import type { OpenSocket, SocketLike } from '../socket.ts';
import { EventReader } from './event-reader.ts';
import { Questions } from './questions.ts';

/** All in milliseconds. */
export interface HttpTiming {
  /** A response that is to be streamed must have told something after this long. */
  readonly firstEventMs: number;
  /** Between two polls, give or take a quarter. Less than half of the SDK's `staleAfterMs`. */
  readonly pollMs: number;
  /** Between two attempts to get a WebSocket after all, give or take a quarter. */
  readonly retryMs: number;
}

export interface HttpSocketOptions {
  readonly openSocket: OpenSocket;
  readonly timing: HttpTiming;
  /** Whether responses can be streamed, as far as is known of the way to the server; shared by all sockets of a page. */
  readonly way: { canStream: boolean };
  /** The server has answered. */
  readonly onHeard: () => void;
  /** The server has spoken over a WebSocket after all. */
  readonly onUpgrade: () => void;
}

/** How a streamed response went: something was told, nothing comes through, or the server cannot answer just now. */
type Streamed = 'told' | 'cut' | 'unwell';

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;
const LOST = 1006;
/** Close codes by the server's own refusals, which are told from a proxy's by these. */
const REFUSALS: ReadonlyMap<unknown, number> = new Map([
  ['unauthenticated', CLOSE.keyRefused],
  ['key_refused', CLOSE.keyRefused],
  ['context_refused', CLOSE.contextRefused],
]);

/**
 * A socket over plain HTTP, for a way on which WebSockets are cut: a streamed response where that comes through, else
 * polls. Now and then it tries a WebSocket, and becomes that one as soon as the server speaks over it.
 */
export class HttpSocket implements SocketLike {
  readyState = CONNECTING;
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  readonly #url: string;
  readonly #subprotocol: string;
  readonly #options: HttpSocketOptions;
  readonly #ended = new AbortController();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #questions: Questions | undefined;
  #isStreaming = false;
  /** The WebSocket that this may become, or has become. */
  #upgrade: SocketLike | undefined;
  #hasUpgraded = false;

  /** @param url of the WebSocket */
  constructor(url: string, subprotocol: string, options: HttpSocketOptions) {
    this.#url = url;
    this.#subprotocol = subprotocol;
    this.#options = options;
    queueMicrotask(() => {
      if (this.readyState !== CONNECTING) return;
      this.readyState = OPEN;
      this.onopen?.({} as never);
    });
  }

  send(text: string): void {
    if (this.#hasUpgraded) {
      this.#upgrade?.send(text);
      return;
    }
    const message = JSON.parse(text);
    if (message.type === 'hello') {
      const questions = new Questions(this.#url, message);
      this.#questions = questions;
      void this.#run(questions);
      this.#tryLater(text);
    } else if (message.type === 'telemetry') {
      this.#questions?.add(message);
      // Polls take it along.
      if (this.#isStreaming) void this.#questions?.tell();
    }
    // Receipts and heartbeats are of a connection, which this is not.
  }

  close(): void {
    if (this.readyState === CLOSED) return;
    this.#end();
    void this.#questions?.tell();
  }

  /** Ends by itself. */
  #fail(code: number, reason: string): void {
    if (this.readyState === CLOSED || this.#hasUpgraded) return;
    this.#end();
    this.onclose?.({ code, reason } as never);
  }

  #end(): void {
    this.readyState = CLOSED;
    this.#stopAsking();
    this.#upgrade?.close();
  }

  #stopAsking(): void {
    this.#ended.abort();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #deliver(data: string): void {
    if (this.readyState !== OPEN || this.#hasUpgraded) return;
    this.#options.onHeard();
    this.onmessage?.({ data } as never);
  }

  async #run(questions: Questions): Promise<void> {
    const { way, timing } = this.#options;
    try {
      for (let etag = ''; this.readyState === OPEN && !this.#hasUpgraded; ) {
        const streamed = way.canStream ? await this.#stream(questions) : 'cut';
        if (streamed === 'told') this.#fail(LOST, 'the response ended');
        if (this.readyState !== OPEN || this.#hasUpgraded) return;
        etag = await this.#poll(questions, etag);
        // Only where polls do better: a server that is away says nothing of the way to it.
        if (streamed === 'cut' && this.readyState === OPEN) way.canStream = false;
        await new Promise<void>((resolve) => void this.#after(spread(timing.pollMs), resolve));
      }
    } catch (cause) {
      this.#fail(LOST, String(cause));
    }
  }

  /** Reads a streamed response to its end. */
  async #stream(questions: Questions): Promise<Streamed> {
    const aborted = new AbortController();
    this.#ended.signal.addEventListener('abort', () => aborted.abort());
    const timer = this.#after(this.#options.timing.firstEventMs, () => aborted.abort());
    try {
      const response = await questions.ask('/events', {}, aborted.signal);
      // What the server has against it, a poll is told as well. A proxy may have something against such responses only.
      if (response.status === 429 || response.status >= 500) return 'unwell';
      if (!response.ok || response.body === null) return 'cut';
      const events = new EventReader();
      const decoder = new TextDecoder();
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return this.#isStreaming ? 'told' : 'cut';
        for (const data of events.read(decoder.decode(value, { stream: true }))) {
          clearTimeout(timer);
          this.#isStreaming = true;
          this.#deliver(data);
        }
      }
    } catch {
      return this.#isStreaming ? 'told' : 'cut';
    } finally {
      clearTimeout(timer);
      this.#isStreaming = false;
    }
  }

  /** @returns the ETag of the values that the page has */
  async #poll(questions: Questions, etag: string): Promise<string> {
    const response = await questions.ask('', etag === '' ? {} : { 'if-none-match': etag }, this.#ended.signal);
    if (response.ok) this.#deliver(await response.text());
    else if (response.status !== 304) {
      await this.#explain(response);
      return etag;
    }
    const dataAgeMs = Number(response.headers.get('stream-data-age-ms') ?? 0);
    const vouchAgeMs = Number(response.headers.get('stream-vouch-age-ms') ?? dataAgeMs);
    this.#deliver(JSON.stringify({ type: 'heartbeat', dataAgeMs, vouchAgeMs }));
    return response.headers.get('etag') ?? '';
  }

  /** Ends by what the server means with an answer that is none. */
  async #explain(response: Response): Promise<void> {
    const { status, headers } = response;
    const waitS = Number(headers.get('retry-after') ?? Number.NaN);
    if (waitS >= 0 && (status === 429 || status === 503)) {
      this.#deliver(JSON.stringify({ type: 'goodbye', retryAfterMs: waitS * 1000 }));
      this.#fail(LOST, 'sent away');
      return;
    }
    const { code, message } = await response.json().catch(() => ({}));
    const refusal = status === 401 || status === 403 ? REFUSALS.get(code) : undefined;
    if (refusal !== undefined) {
      this.#deliver(JSON.stringify({ type: 'error', code, message: String(message) }));
      this.#fail(refusal, code);
    } else {
      this.#fail(LOST, `HTTP status ${status}`);
    }
  }

  #tryLater(hello: string): void {
    this.#after(spread(this.#options.timing.retryMs), () => this.#try(hello));
  }

  /** Opens a WebSocket beside, and goes over to it with its first message: that has all values. */
  #try(hello: string): void {
    const { openSocket, timing, onUpgrade } = this.#options;
    let socket: SocketLike;
    try {
      socket = openSocket(this.#url, this.#subprotocol);
    } catch {
      this.#tryLater(hello);
      return;
    }
    this.#upgrade = socket;
    const timer = this.#after(timing.firstEventMs, () => socket.close());
    socket.onopen = () => socket.send(hello);
    socket.onmessage = (event: never) => {
      if (this.readyState !== OPEN) return;
      if (!this.#hasUpgraded) {
        this.#hasUpgraded = true;
        this.#stopAsking();
        void this.#questions?.tell();
        onUpgrade();
      }
      this.onmessage?.(event);
    };
    socket.onclose = (event: never) => {
      clearTimeout(timer);
      if (this.readyState !== OPEN) return;
      if (this.#hasUpgraded) {
        this.readyState = CLOSED;
        this.onclose?.(event);
      } else this.#tryLater(hello);
    };
  }

  #after(ms: number, act: () => void): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
    return timer;
  }
}

/** So that pages which came together do not ask together for ever. */
function spread(ms: number): number {
  return ms * (0.75 + Math.random() / 2);
}
