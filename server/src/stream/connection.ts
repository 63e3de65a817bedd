import type { Duplex } from 'node:stream';
import type { HelloMessage, Json } from '@bunting/core';
import type { WebSocket } from 'ws';
import type { ApiError } from '../http/api-error.ts';
import { errorBody } from '../http/handle-errors.ts';
import type { KnownKey } from '../keys/key-ring.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { encodeFrame, type Frame } from './frame.ts';

/** Who is at the other end, once it said hello. */
export interface Peer {
  readonly key: KnownKey;
  readonly hello: HelloMessage;
  readonly ruleset: LiveRuleset;
}

export interface ConnectionOptions {
  /** Names the connection in logs and error frames. */
  readonly id: string;
  readonly metrics: Metrics;
  /** How many bytes may wait for a socket, besides its first frame, before it is dropped to resynchronise. */
  readonly maxBufferedBytes: number;
}

/**
 * One socket of the stream. Frames go past the WebSocket object, straight to the TCP socket below it. Without extensions
 * the object holds nothing back, so its own frames (pong, close) and these keep the order in which they were written.
 */
export class Connection {
  readonly id: string;
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  readonly #metrics: Metrics;
  readonly #maxBufferedBytes: number;
  #peer: Peer | undefined;
  /** The first frame may be larger than the bound: the bound is for what comes on top of it. */
  #firstFrameBytes = 0;
  /** By `performance.now()`. */
  lastHeardMs = performance.now();

  /** @param socket what `webSocket` was upgraded on */
  constructor(webSocket: WebSocket, socket: Duplex, { id, metrics, maxBufferedBytes }: ConnectionOptions) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.id = id;
    this.#metrics = metrics;
    this.#maxBufferedBytes = maxBufferedBytes;
  }

  /** Undefined until the client said hello and was let in. */
  get peer(): Peer | undefined {
    return this.#peer;
  }

  get isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  /** Lets the peer in and sends what it starts from. */
  admit(peer: Peer, frame: Frame): void {
    this.#peer = peer;
    this.#firstFrameBytes = frame.bytes.length;
    this.#write(frame);
  }

  /**
   * Sends a frame that was made once for all. A socket on which too much waits already is dropped: it comes back and
   * resumes.
   */
  send(frame: Frame): void {
    if (!this.isOpen) return;
    if (this.#socket.writableLength > this.#firstFrameBytes + this.#maxBufferedBytes) {
      this.#metrics.slowSockets.inc();
      this.#webSocket.terminate();
      return;
    }
    this.#write(frame);
  }

  /** Says why, then closes. */
  refuse(error: ApiError, closeCode: number): void {
    if (!this.isOpen) return;
    const { details, ...body } = errorBody(error, this.id);
    this.#write(encodeFrame({ type: 'error', ...body, details: details as Json | undefined }));
    this.close(closeCode, error.code);
  }

  close(closeCode: number, reason: string): void {
    this.#webSocket.close(closeCode, reason);
  }

  /** Ends the socket without a word, for a peer that does not listen any more. */
  terminate(): void {
    this.#webSocket.terminate();
  }

  #write({ type, bytes }: Frame): void {
    this.#metrics.traffic.add(type, bytes.length);
    this.#socket.write(bytes);
  }
}
