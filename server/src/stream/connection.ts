import type { Duplex } from 'node:stream';
import { CLOSE, type EvaluationContext, type Json, type Revision } from '@bunting/core';
import type { WebSocket } from 'ws';
import type { ApiError } from '../http/api-error.ts';
import { errorBody } from '../http/handle-errors.ts';
import type { KnownKey } from '../keys/key-ring.ts';
import type { Source } from '../measurements/window.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { encodeFrame, type Frame } from './frame.ts';

/** Who is at the other end, once it said hello. Only what is needed later: there may be very many. */
export interface Peer {
  readonly key: KnownKey;
  readonly ruleset: LiveRuleset;
  /** Whether it takes packed frames. */
  readonly canUnpack: boolean;
  /** Whom measurements are of; with server keys only. */
  readonly source: Source | undefined;
  /** With client keys only. */
  readonly context: EvaluationContext | undefined;
}

/** What serves a connection. */
export interface Feed {
  /** Sends what leads to the current revision from `have`, and from now on what comes after it. */
  join(connection: Connection, have: Revision | null): void;
  leave(connection: Connection): void;
  /** Sends what the connection lacks; called when it has caught up with what it was sent. */
  resume(connection: Connection): void;
}

export interface ConnectionOptions {
  /** Names the connection in logs and error frames. */
  readonly id: string;
  /** The site whose page opened it, if one did. */
  readonly origin?: string | undefined;
  readonly metrics: Metrics;
  /** How many bytes may wait for a lagging socket, besides the frame that it lags with. */
  readonly maxBufferedBytes: number;
  /** How long a frame may take to leave, in milliseconds, besides what its size allows. */
  readonly drainTimeoutMs: number;
}

/** What a socket that gets a large frame must take at least, 32 KB a second, to be waited for. */
const MIN_BYTES_PER_MS = 32;

const NOTHING = Buffer.alloc(0);

/**
 * One socket of the stream. Frames go past the WebSocket object, straight to the TCP socket below it. Without extensions
 * the object holds nothing back, so its own frames (pong, close) and these keep the order in which they were written.
 *
 * A socket lags from a write that the system could not take whole until everything has left. Its feed then sends it
 * nothing but kills, and what it missed, as one difference, when it has caught up.
 */
export class Connection {
  readonly id: string;
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  readonly #options: ConnectionOptions;
  #admitted: { readonly peer: Peer; readonly feed: Feed } | undefined;
  #lag: { readonly deadlineMs: number; readonly maxBytes: number } | undefined;
  #isDismissed = false;
  /** By `performance.now()`, as all times here. */
  lastHeardMs = performance.now();
  /** When it is to come back anew. */
  expiresAtMs = Number.POSITIVE_INFINITY;

  /** @param socket what `webSocket` was upgraded on */
  constructor(webSocket: WebSocket, socket: Duplex, options: ConnectionOptions) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#options = options;
    this.id = options.id;
  }

  /** Undefined until the client said hello. */
  get peer(): Peer | undefined {
    return this.#admitted?.peer;
  }

  get origin(): string | undefined {
    return this.#options.origin;
  }

  get isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  /** We asked it to come back: it is not gone for good. */
  get isDismissed(): boolean {
    return this.#isDismissed;
  }

  get isLagging(): boolean {
    return this.#lag !== undefined;
  }

  /** The peer said hello, and is to be served by `feed`. */
  admit(peer: Peer, feed: Feed): void {
    this.#admitted = { peer, feed };
  }

  /** Writes a frame, one that was made for many as it is. */
  send({ type, bytes }: Frame): void {
    if (!this.isOpen) return;
    this.#options.metrics.traffic.add(type, bytes.length);
    this.#socket.write(bytes);
    const waiting = this.#socket.writableLength;
    if (waiting === 0) return;
    if (this.#lag === undefined) this.#beginLag(waiting);
    else if (waiting > this.#lag.maxBytes) this.#drop();
  }

  /** Drops the socket if it has been lagging for too long. @returns whether it did */
  dropIfStuck(): boolean {
    const isStuck = this.#lag !== undefined && performance.now() > this.#lag.deadlineMs;
    if (isStuck) this.#drop();
    return isStuck;
  }

  /** Says why, then closes. */
  refuse(error: ApiError, closeCode: number): void {
    if (!this.isOpen) return;
    const { details, ...body } = errorBody(error, this.id);
    this.send(encodeFrame({ type: 'error', ...body, details: details as Json | undefined }));
    this.close(closeCode, error.code);
  }

  /** Asks the client to come back after a while, here or elsewhere. */
  dismiss(retryAfterMs: number, reason: string): void {
    if (!this.isOpen) return;
    this.#isDismissed = true;
    this.send(encodeFrame({ type: 'goodbye', retryAfterMs }));
    this.close(CLOSE.serviceRestart, reason);
  }

  close(closeCode: number, reason: string): void {
    this.#webSocket.close(closeCode, reason);
  }

  /** Ends the socket without a word, for a peer that does not listen any more. */
  terminate(): void {
    this.#webSocket.terminate();
  }

  /** To be called when the socket is closed. */
  end(): void {
    this.#endLag();
  }

  #beginLag(waitingBytes: number): void {
    const { drainTimeoutMs, maxBufferedBytes, metrics } = this.#options;
    const deadlineMs = performance.now() + drainTimeoutMs + waitingBytes / MIN_BYTES_PER_MS;
    this.#lag = { deadlineMs, maxBytes: waitingBytes + maxBufferedBytes };
    metrics.laggingSockets.inc();
    this.#awaitDrain();
  }

  /** A write of nothing is done when all before it has left. So only sockets that lag pay for a callback. */
  #awaitDrain(): void {
    this.#socket.write(NOTHING, (error) => {
      if (error || this.#lag === undefined) return;
      if (this.#socket.writableLength > 0) {
        this.#awaitDrain();
        return;
      }
      this.#endLag();
      this.#admitted?.feed.resume(this);
    });
  }

  #endLag(): void {
    if (this.#lag === undefined) return;
    this.#lag = undefined;
    this.#options.metrics.laggingSockets.dec();
  }

  /** It comes back and resumes. */
  #drop(): void {
    this.#options.metrics.slowSockets.inc();
    this.terminate();
  }
}
