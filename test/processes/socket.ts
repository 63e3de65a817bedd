import { type HelloMessage, PROTOCOL_VERSION, SUBPROTOCOL } from '@bunting/core';
import { WebSocket } from 'ws';

/** A bare connection to the stream, for what no SDK would do. */
export interface TestSocket {
  send(message: unknown): void;
  /** Headers (first lines) of all frames so far. */
  readonly headers: readonly Record<string, unknown>[];
  /** All frames so far, as text. */
  readonly frames: readonly string[];
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  close(): void;
}

export async function openSocket(serverUrl: string, subprotocol = SUBPROTOCOL): Promise<TestSocket> {
  const socket = new WebSocket(`${serverUrl.replace('http', 'ws')}/stream`, subprotocol);
  const frames: string[] = [];
  const headers: Record<string, unknown>[] = [];
  socket.on('message', (data) => {
    const text = data.toString();
    frames.push(text);
    headers.push(JSON.parse(text.split('\n', 1)[0] ?? ''));
  });
  const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => resolve());
    socket.on('error', reject);
  });
  return {
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    headers,
    frames,
    closed,
    close: () => socket.terminate(),
  };
}

export function hello(key: string, more: Partial<HelloMessage> = {}): HelloMessage {
  return {
    type: 'hello',
    protocol: PROTOCOL_VERSION,
    key,
    sdk: { name: 'test', version: '0' },
    instance: { id: 'raw' },
    have: null,
    ...more,
  };
}
