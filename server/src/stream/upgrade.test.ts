import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { listen } from '../testing/stream-client.ts';

const handshake = (path: string) =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
    '\r\n',
  ].join('\r\n');

test.each([
  ['goes', true],
  ['stays', false],
])('whoever is refused an upgrade, goes on talking and %s, leaves no connection behind', async (_, goes) => {
  const { app } = await startApp();
  const { port, hostname } = new URL(await listen(app));
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  await once(socket, 'connect');
  socket.write(`${handshake('/elsewhere')}and more`);
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 404 .*"code":"not_found"/s);
  socket.on('error', () => {});
  socket.write('and more');
  if (goes) socket.destroy();
  const count = promisify(app.server.getConnections.bind(app.server));
  await expect.poll(() => count(), { timeout: 5_000 }).toBe(0);
  socket.destroy();
});
