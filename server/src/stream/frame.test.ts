import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { encode } from '@bunting/core';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Metrics } from '../metrics/metrics.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import { Connection } from './connection.ts';
import { encodeFrame, type Frame, frameOfParts } from './frame.ts';

/** The frame of a message whose text has this many bytes, of which an item's document is most. */
function frameOf(payloadBytes: number): { readonly frame: Frame; readonly text: string } {
  const header = { type: 'error', code: 'x', requestId: 'x' } as const;
  const shortest = encode({ ...header, message: '' }).length;
  const message = { ...header, message: 'x'.repeat(payloadBytes - shortest) };
  return { frame: encodeFrame(message), text: encode(message) };
}

/** Both ends of a WebSocket: the server's, and a client that lists what it sees. */
async function openPair() {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const opened = new Promise<{ webSocket: WebSocket; socket: Duplex }>((resolve) => {
    server.on('upgrade', (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (webSocket) => resolve({ webSocket, socket })),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    client.terminate();
    server.close();
  });
  const seen: string[] = [];
  client.on('message', (data, isBinary) => seen.push(isBinary ? `binary ${data}` : data.toString()));
  client.on('ping', (data) => seen.push(`ping ${data}`));
  client.on('error', (error) => seen.push(`error ${error.message}`));
  const closed = new Promise((resolve) => client.on('close', (code) => resolve(code)));
  const metrics = new Metrics(new Rulesets(() => {}));
  const { webSocket, socket } = await opened;
  const connection = new Connection(webSocket, socket, {
    id: 'c',
    metrics,
    maxBufferedBytes: 1e9,
    drainTimeoutMs: 1e9,
  });
  return { connection, webSocket, seen, closed };
}

test.each([100, 125, 126, 127, 65_535, 65_536, 3_000_000])('a payload of %i bytes is read as it was', async (bytes) => {
  const { connection, seen } = await openPair();
  const { frame, text } = frameOf(bytes);
  connection.send(frame);
  await expect.poll(() => seen.length).toBe(1);
  expect(text).toHaveLength(bytes);
  expect(seen[0] === text).toBe(true);
});

test('a text of more bytes than characters is read as it was', async () => {
  const { connection, seen } = await openPair();
  connection.send(encodeFrame({ type: 'error', code: 'x', message: 'ß€😀'.repeat(30), requestId: 'x' }));
  await expect.poll(() => seen.length).toBe(1);
  expect(JSON.parse(seen[0] ?? '').message).toBe('ß€😀'.repeat(30));
});

test('a packed frame holds its parts one after the other', async () => {
  const { connection, webSocket, seen } = await openPair();
  const frame = frameOfParts('snapshot', [gzipSync('one '), gzipSync('two')], true);
  connection.send(frame);
  webSocket.ping('after');
  await expect.poll(() => seen.length).toBe(2);
  expect(seen[0]).toMatch(/^binary /);
  expect(gunzipSync(frame.bytes.subarray(2)).toString()).toBe('one two');
});

test("frames, and the WebSocket's own pings and close, keep their order", async () => {
  const { connection, webSocket, seen, closed } = await openPair();
  const large = frameOf(2_000_000);
  const expected: string[] = [];
  for (let round = 0; round < 20; round++) {
    connection.send(large.frame);
    webSocket.ping(String(round));
    const small = frameOf(100 + round);
    connection.send(small.frame);
    expected.push(large.text, `ping ${round}`, small.text);
  }
  connection.close(1012, 'done');
  expect(await closed).toBe(1012);
  expect(seen.map((text) => text.slice(0, 100) + text.length)).toEqual(
    expected.map((text) => text.slice(0, 100) + text.length),
  );
});
