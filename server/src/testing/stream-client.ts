import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeServerMessage, type HelloMessage, type ServerMessage, SUBPROTOCOL } from '@bunting/core';
import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

/** A plain client of the stream, which keeps all that it was sent. */
export interface StreamClient {
  readonly socket: WebSocket;
  readonly messages: ServerMessage[];
  /** The next message that was not asked for yet. */
  next<T extends ServerMessage['type']>(type: T): Promise<Extract<ServerMessage, { type: T }>>;
  send(message: unknown): void;
  readonly closed: Promise<{ code: number; reason: string }>;
}

export async function listen(app: FastifyInstance): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return `ws://127.0.0.1:${(app.server.address() as AddressInfo).port}/stream`;
}

export function hello(key: string, fields: Partial<HelloMessage> = {}): HelloMessage {
  const sdk = { name: 'test', version: '1.0.0' };
  return { type: 'hello', protocol: 1, key, sdk, instance: { id: 'instance-1' }, have: null, ...fields };
}

export async function connect(
  url: string,
  first?: unknown,
  protocols: string[] = [SUBPROTOCOL],
  origin?: string,
): Promise<StreamClient> {
  const socket = new WebSocket(url, protocols, { origin });
  onTestFinished(() => socket.terminate());
  const messages: ServerMessage[] = [];
  const waiting: (() => void)[] = [];
  let at = 0;
  socket.on('message', (data, isBinary) => {
    // Binary frames are packed.
    const text = isBinary ? gunzipSync(data as Buffer) : data;
    const decoded = decodeServerMessage(text.toString());
    if (!decoded.ok) throw new Error(decoded.error);
    if (decoded.message.type === 'unknown') throw new Error(`a message of type ${decoded.message.name}`);
    messages.push(decoded.message);
    for (const wake of waiting.splice(0)) wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  const send = (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  if (first !== undefined) send(first);
  return {
    socket,
    messages,
    send,
    closed,
    async next(type) {
      for (;;) {
        while (at < messages.length) {
          const message = messages[at++];
          if (message?.type === type) return message as never;
        }
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
  };
}
