import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SUBPROTOCOL } from '@bunting/core';
import { WebSocketServer } from 'ws';

/**
 * The far end of an SDK's connection, on loopback: answers each hello with the same snapshot and then stays silent.
 * In the process of the SDK itself, where it does nothing while calls are timed.
 */
export async function serveSnapshot(snapshot: string): Promise<{ url: string; close(): void }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => SUBPROTOCOL });
  server.on('connection', (socket) => socket.once('message', () => socket.send(snapshot)));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}
