import { gunzipSync } from 'node:zlib';
import { decodeServerMessage, type ServerMessage } from '@bunting/core';
import type { Metrics } from '../metrics/metrics.ts';
import { Connection } from '../stream/connection.ts';

/** Both sockets of a stream connection, the WebSocket and the TCP one below it, whose network the test plays. */
export class FakeSocket {
  readonly OPEN = 1;
  readyState = 1;
  /** What the other end has got, one buffer a write. */
  readonly arrived: Buffer[] = [];
  readonly #waiting: { bytes: Buffer; done: ((error?: Error | null) => void) | undefined }[] = [];
  #isStuck = false;

  get writableLength(): number {
    return this.#waiting.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  write(bytes: Buffer, done?: (error?: Error | null) => void): void {
    this.#waiting.push({ bytes, done });
    if (!this.#isStuck) this.drain();
  }

  /** From now on what is written waits. */
  stick(): void {
    this.#isStuck = true;
  }

  /** What waits arrives, and so does what is written from now on. */
  drain(): void {
    this.#isStuck = false;
    for (const { bytes, done } of this.#waiting.splice(0)) {
      if (bytes.length > 0) this.arrived.push(bytes);
      if (done !== undefined) setImmediate(done, null);
    }
  }

  close(): void {
    this.terminate();
  }

  terminate(): void {
    this.readyState = 3;
    for (const { done } of this.#waiting.splice(0)) if (done !== undefined) setImmediate(done, new Error('closed'));
  }

  messages(): ServerMessage[] {
    return this.arrived.flatMap(readFrames);
  }
}

export function fakeConnection(metrics: Metrics): { readonly socket: FakeSocket; readonly connection: Connection } {
  const socket = new FakeSocket();
  const options = { id: 'c', metrics, maxBufferedBytes: 1_000, drainTimeoutMs: 30_000 };
  return { socket, connection: new Connection(socket as never, socket as never, options) };
}

/** The messages of frames that follow each other. */
function readFrames(bytes: Buffer): ServerMessage[] {
  const messages: ServerMessage[] = [];
  for (let at = 0; at < bytes.length; ) {
    const short = bytes.readUInt8(at + 1);
    const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    at = start + length;
    const payload = bytes.subarray(start, at);
    // Binary frames are packed.
    const isPacked = bytes[start - (length < 126 ? 2 : length < 65_536 ? 4 : 10)] === 0x82;
    const decoded = decodeServerMessage((isPacked ? gunzipSync(payload) : payload).toString());
    if (!decoded.ok || decoded.message.type === 'unknown') throw new Error('a frame of the server cannot be read');
    messages.push(decoded.message);
  }
  return messages;
}
