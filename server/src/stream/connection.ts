import { encode, type HelloMessage, type Json, type ServerMessage } from '@bunting/core';
import type { WebSocket } from 'ws';
import type { ApiError } from '../http/api-error.ts';
import { errorBody } from '../http/handle-errors.ts';
import type { KnownKey } from '../keys/key-ring.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';

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

/** One socket of the stream. */
export class Connection {
  readonly id: string;
  readonly #socket: WebSocket;
  readonly #metrics: Metrics;
  readonly #maxBufferedBytes: number;
  #peer: Peer | undefined;
  /** The first frame may be larger than the bound: the bound is for what comes on top of it. */
  #firstFrameBytes = 0;
  /** By `performance.now()`. */
  lastHeardMs = performance.now();

  constructor(socket: WebSocket, { id, metrics, maxBufferedBytes }: ConnectionOptions) {
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
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Lets the peer in and sends what it starts from. */
  admit(peer: Peer, type: ServerMessage['type'], frame: Buffer): void {
    this.#peer = peer;
    this.#firstFrameBytes = frame.length;
    this.#write(type, frame);
  }

  /**
   * Sends a frame that was encoded once for all. A socket on which too much waits already is dropped: it comes back
   * and resumes.
   */
  send(type: ServerMessage['type'], frame: Buffer): void {
    if (!this.isOpen) return;
    if (this.#socket.bufferedAmount > this.#firstFrameBytes + this.#maxBufferedBytes) {
      this.#metrics.slowSockets.inc();
      this.#socket.terminate();
      return;
    }
    this.#write(type, frame);
  }

  /** Says why, then closes. */
  refuse(error: ApiError, closeCode: number): void {
    if (!this.isOpen) return;
    const { details, ...body } = errorBody(error, this.id);
    this.#write('error', encodeFrame({ type: 'error', ...body, details: details as Json | undefined }));
    this.close(closeCode, error.code);
  }

  close(closeCode: number, reason: string): void {
    this.#socket.close(closeCode, reason);
  }

  /** Ends the socket without a word, for a peer that does not listen any more. */
  terminate(): void {
    this.#socket.terminate();
  }

  #write(type: ServerMessage['type'], frame: Buffer): void {
    this.#metrics.frames.inc({ type });
    this.#socket.send(frame, { binary: false, compress: false });
  }
}

export function encodeFrame(message: ServerMessage): Buffer {
  return Buffer.from(encode(message));
}
