import type { FlagsErrorCode } from './flags-error.ts';
import { type Ages, CLOSE, PROTOCOL_VERSION, readMessage, SUBPROTOCOL, type ValuesMessage } from './protocol.ts';
import type { OpenSocket, SocketLike } from './socket.ts';

/** What the link asks of the client it works for. */
export interface LinkOwner {
  /** What hello says besides the protocol version. */
  introduce(): object;
  /** False when the values do not follow on what the client has. */
  receive(message: ValuesMessage): boolean;
  /** The server lives, and its own data is this old. */
  confirm(ages: Ages): void;
  report(code: FlagsErrorCode, detail: string): void;
  /** What was evaluated and tracked since it was last asked; undefined: nothing. */
  takeCounts(): object | undefined;
}

/** All in milliseconds. */
export interface Timing {
  readonly openTimeoutMs: number;
  /** A server that says nothing for this long is taken for dead; it sends heartbeats far more often. */
  readonly silenceTimeoutMs: number;
  /** Bounds of the longest first and the longest wait before a retry; the wait itself is random, from 0. */
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  /** A connection that held for this long starts the backoff anew. */
  readonly steadyMs: number;
  /** The shortest wait after a refusal; the longest is twice that. */
  readonly refusedMs: number;
  /** A page that nobody has looked at for this long gives up its connection until someone does. */
  readonly hiddenMs: number;
}

export const TIMING: Timing = {
  openTimeoutMs: 10_000,
  silenceTimeoutMs: 45_000,
  backoffMinMs: 250,
  backoffMaxMs: 30_000,
  steadyMs: 10_000,
  refusedMs: 30_000,
  hiddenMs: 300_000,
};

/** The longest that a server may send a page away for. */
const GOODBYE_MAX_MS = 300_000;

/** The server's heartbeats are answered, but not more often than this. */
const HEARTBEAT_EVERY_MS = 5_000;

/**
 * Keeps one WebSocket open: at any time there is one socket, or a timer that will open one. Heartbeats are only ever
 * answers to the server's, because browsers slow the timers of hidden pages down, but not their messages.
 */
export class Link {
  readonly #url: string;
  readonly #owner: LinkOwner;
  readonly #timing: Timing;
  readonly #openSocket: OpenSocket;
  #socket: SocketLike | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #syncedAtMs = Number.POSITIVE_INFINITY;
  #answeredAtMs = Number.NEGATIVE_INFINITY;
  /** Said by the server before it closes. */
  #complaint: string | undefined;
  #hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #onOnline = () => {
    // A page that has given up its connection, until someone looks at it, has no time to open one at.
    if (this.#socket === undefined && (this.#timer || isVisible())) this.restart();
  };
  readonly #onVisibility = () => {
    clearTimeout(this.#hiddenTimer);
    if (isVisible()) {
      this.#onOnline();
    } else {
      this.#tell();
      this.#hiddenTimer = setTimeout(() => this.#drop(), this.#timing.hiddenMs);
    }
  };
  /** A page with an open connection cannot be kept for the way back. */
  readonly #onPageHide = () => {
    this.#tell();
    this.#drop();
  };

  constructor(url: string, owner: LinkOwner, timing: Timing, openSocket: OpenSocket) {
    this.#url = url;
    this.#openSocket = openSocket;
    this.#owner = owner;
    this.#timing = timing;
    globalThis.addEventListener?.('online', this.#onOnline);
    globalThis.addEventListener?.('pagehide', this.#onPageHide);
    globalThis.document?.addEventListener('visibilitychange', this.#onVisibility);
  }

  /** Connects now, in place of the socket or the wait that is. */
  restart(): void {
    this.#drop();
    this.#complaint = undefined;
    this.#syncedAtMs = Number.POSITIVE_INFINITY;
    let socket: SocketLike;
    try {
      socket = this.#openSocket(this.#url, SUBPROTOCOL);
    } catch (cause) {
      this.#retry('connection_failed', String(cause));
      return;
    }
    this.#socket = socket;
    this.#expect(this.#timing.openTimeoutMs);
    socket.onopen = () => {
      if (this.#socket !== socket) return;
      this.#expect(this.#timing.silenceTimeoutMs);
      this.#send({ type: 'hello', protocol: PROTOCOL_VERSION, ...this.#owner.introduce() });
    };
    socket.onmessage = ({ data }: { readonly data: unknown }) => {
      if (this.#socket !== socket) return;
      const problem = this.#receive(data);
      // A listener may have closed the client, or identified someone else over a new socket.
      if (this.#socket !== socket) return;
      if (problem === undefined) this.#expect(this.#timing.silenceTimeoutMs);
      else this.#retry('message_unusable', `The server sent something unusable: ${problem}`);
    };
    socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) => {
      if (this.#socket === socket) this.#lose(code, reason);
    };
  }

  /** For good. */
  stop(): void {
    globalThis.removeEventListener?.('online', this.#onOnline);
    globalThis.removeEventListener?.('pagehide', this.#onPageHide);
    globalThis.document?.removeEventListener('visibilitychange', this.#onVisibility);
    clearTimeout(this.#hiddenTimer);
    this.#tell();
    this.#drop();
  }

  /** Returns what is wrong with the message, if anything is. */
  #receive(frame: unknown): string | undefined {
    let message: ReturnType<typeof readMessage>;
    try {
      message = readMessage(frame);
    } catch (cause) {
      return String(cause);
    }
    switch (message?.type) {
      case 'values':
        this.#syncedAtMs = Math.min(this.#syncedAtMs, performance.now());
        if (!this.#owner.receive(message)) return 'differences to values that never came';
        this.#send({ type: 'receipt', revision: message.revision, broken: { count: 0, keys: [] } });
        break;
      case 'heartbeat':
        this.#answer(message);
        break;
      case 'goodbye':
        this.#leave(message.retryAfterMs);
        break;
      case 'error':
        this.#complaint = `${message.message} (${message.code})`;
    }
    return undefined;
  }

  #answer(ages: Ages): void {
    const nowMs = performance.now();
    if (this.#syncedAtMs <= nowMs) this.#owner.confirm(ages);
    if (nowMs - this.#answeredAtMs < HEARTBEAT_EVERY_MS) return;
    this.#answeredAtMs = nowMs;
    this.#send({ type: 'heartbeat' });
    this.#tell();
  }

  /** Tells the server what was evaluated and tracked. Without a connection it goes on being counted. */
  #tell(): void {
    if (this.#socket?.readyState !== 1 || this.#syncedAtMs > performance.now()) return;
    const counts = this.#owner.takeCounts();
    if (counts !== undefined) this.#send({ type: 'telemetry', ...counts });
  }

  #send(message: object): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }

  /** The server sends us away for a while: no failure. Spread out, so that its pages do not come back at once. */
  #leave(retryAfterMs: number): void {
    const waitMs = Math.min(GOODBYE_MAX_MS, Math.max(0, retryAfterMs));
    this.#failures = 0;
    this.#wait(waitMs, waitMs * 1.5 + this.#timing.backoffMinMs);
  }

  #lose(code: number, reason: string): void {
    const detail = this.#complaint ?? (reason || `the connection was closed with code ${code}`);
    const refusal = REFUSALS.get(code);
    if (refusal === undefined) {
      this.#retry('connection_failed', `No connection to ${this.#url}: ${detail}`);
      return;
    }
    this.#wait(this.#timing.refusedMs, 2 * this.#timing.refusedMs);
    this.#owner.report(refusal, `The server refused this page: ${detail}`);
  }

  /** Full jitter: anything up to a bound that doubles with each failure in a row. */
  #retry(code: FlagsErrorCode, detail: string): void {
    const { backoffMinMs, backoffMaxMs, steadyMs } = this.#timing;
    const steady = performance.now() - this.#syncedAtMs >= steadyMs;
    this.#failures = steady ? 1 : this.#failures + 1;
    this.#wait(0, Math.min(backoffMaxMs, backoffMinMs * 2 ** (this.#failures - 1)));
    // Last: a listener may close the client.
    this.#owner.report(code, detail);
  }

  #expect(withinMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#retry('connection_failed', `No word from ${this.#url} for ${withinMs} ms`),
      withinMs,
    );
  }

  /** Leaves the socket, and opens another after a random time. */
  #wait(minMs: number, maxMs: number): void {
    this.#drop();
    this.#timer = setTimeout(() => this.restart(), minMs + Math.random() * (maxMs - minMs));
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }
}

const isVisible = () => globalThis.document?.visibilityState === 'visible';

const REFUSALS: ReadonlyMap<number, FlagsErrorCode> = new Map([
  [CLOSE.keyRefused, 'key_refused'],
  [CLOSE.contextRefused, 'context_refused'],
  [CLOSE.protocolUnsupported, 'protocol_unsupported'],
]);
