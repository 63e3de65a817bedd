import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { encode, SUBPROTOCOL } from '@bunting/core';
import { WebSocketServer } from 'ws';

/** As often as a real server; a silent one would be given up after 45 s, in the middle of the rounds. */
const heartbeatMs = 15_000;

/**
 * The far end of an SDK's connection, on loopback: answers each hello with the same snapshot, then sends heartbeats. In
 * the process of the SDK itself: timers of a process do not fire while its calls are timed.
 */
export async function serveSnapshot(snapshot: string): Promise<{ url: string; close(): void }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => SUBPROTOCOL });
  server.on('connection', (socket) => socket.once('message', () => socket.send(snapshot)));
  const heartbeats = setInterval(() => {
    const heartbeat = encode({ type: 'heartbeat', timeMs: Date.now(), dataAgeMs: 0 });
    for (const socket of server.clients) socket.send(heartbeat);
  }, heartbeatMs);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    close() {
      clearInterval(heartbeats);
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}
