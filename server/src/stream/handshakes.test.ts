import { connect as connectSocket } from 'node:net';
import { onTestFinished, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

test('sockets that go away while they wait to be upgraded do no harm, and others are upgraded', async () => {
  const { app } = await startApp();
  const url = await listen(app);
  const key = app.bunting.firstKeys.find(({ kind }) => kind === 'server')?.secret ?? '';
  const { port } = new URL(url);
  const request = [
    'GET /stream HTTP/1.1',
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Protocol: bunting.v1',
    '\r\n',
  ].join('\r\n');
  for (let at = 0; at < 200; at++) {
    const socket = connectSocket(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    socket.write(request, () => socket.resetAndDestroy());
  }
  const clients = await Promise.all(Array.from({ length: 20 }, () => connect(url, hello(key))));
  for (const client of clients) await client.next('snapshot');
});
