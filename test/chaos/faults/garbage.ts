import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientFrame, OPCODE } from '../../processes/frames.ts';

const KEEP_OPEN_MS = 300;
const UPGRADE = [
  ...['GET /stream HTTP/1.1', 'Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket'],
  ...['Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`],
  ...['Sec-WebSocket-Protocol: bunting.v1', '\r\n'],
].join('\r\n');

/** What nobody should send, each on a connection of its own: nobody may die of it. */
export async function sendGarbage(url: string, random: () => number): Promise<void> {
  const noise = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
  const pieces = [
    [noise(4_096)],
    [Buffer.alloc(100_000)],
    [`GET /${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`],
    ['POST /api/v1/projects HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{"key":'],
    ['POST /internal/v1/kills HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n'],
    [UPGRADE, noise(512)],
    [UPGRADE, clientFrame(OPCODE.text, noise(60).toString('latin1')), clientFrame(OPCODE.binary, 'x'.repeat(5_000))],
    [UPGRADE, clientFrame(OPCODE.text, '{"type":"hello","protocol":1,"key":{},"instance":[],"have":-1}')],
    [UPGRADE, clientFrame(OPCODE.text, '{"type":"receipt","revision":null}'), clientFrame(OPCODE.close, '')],
  ];
  await Promise.all(pieces.map((parts) => send(url, parts)));
}

async function send(url: string, parts: readonly (string | Buffer)[]): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  // It is sent away in the middle, or nobody is there.
  socket.on('error', () => {});
  socket.resume();
  for (const part of parts) {
    socket.write(part);
    await sleep(20);
  }
  await sleep(KEEP_OPEN_MS);
  socket.destroy();
}
