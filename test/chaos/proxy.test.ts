import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { clientFrame, FrameCutter, OPCODE } from '../processes/frames.ts';
import { TcpProxy, type Weather } from '../processes/proxy.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const head = 'GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n';
const frames = ['one', 'two', 'x'.repeat(300), 'y'.repeat(70_000)].map((text) => clientFrame(OPCODE.text, text));

test('frames are found however the bytes are torn apart', () => {
  const bytes = Buffer.concat([Buffer.from(head), ...frames.slice(0, 3)]);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
      const cutter = new FrameCutter({ head: true });
      const ends = [...cuts.sort((a, b) => a - b), bytes.length];
      const units = ends.flatMap((end, i) =>
        cutter.push(bytes.subarray(ends[i - 1] ?? 0, end)).map((unit) => Buffer.from(unit.bytes)),
      );
      expect(units).toEqual([Buffer.from(head), ...frames.slice(0, 3)]);
    }),
  );
});

test('in calm weather the bytes pass as they are, both ways, and so does the end', async () => {
  const { client, far } = await startLink({});
  const received = collect(far);
  const back = collect(client);
  client.write(head);
  for (const frame of frames.slice(0, 3)) client.write(frame);
  far.write(head);
  client.end();
  expect(await received).toEqual(Buffer.concat([Buffer.from(head), ...frames.slice(0, 3)]));
  expect((await back).toString()).toBe(head);
});

test('a connection that is no WebSocket passes as it is', async () => {
  const { client, far } = await startLink({ drop: 0.5, swap: 0.5 });
  const received = collect(far);
  const request = 'POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\nhello';
  client.end(request);
  expect((await received).toString()).toBe(request);
});

test('a connection that is not HTTP passes as it is, byte by byte, when it is said to be raw', async () => {
  const { client, far } = await startLink({}, true);
  const received = collect(far);
  const bytes = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
  client.write(bytes.subarray(0, 3));
  client.end(bytes.subarray(3));
  expect(await received).toEqual(bytes);
});

test('while it is cut, who comes is sent away', async () => {
  const { proxy } = await startLink({});
  proxy.isCut = true;
  const refused = connect(Number(new URL(proxy.url).port), '127.0.0.1').on('error', () => {});
  await new Promise((resolve) => refused.once('close', resolve));
  proxy.isCut = false;
  const taken = connect(Number(new URL(proxy.url).port), '127.0.0.1').on('error', () => {});
  await expect.poll(() => proxy.connections).toBe(2);
  taken.destroy();
});

test.each<[string, Weather, (one: Buffer, two: Buffer) => Buffer[]]>([
  ['dropped', { drop: 1 }, () => []],
  ['swapped', { swap: 1 }, (one, two) => [two, one]],
  ['truncated', { truncate: 1 }, (one) => [one.subarray(0, one.length >> 1)]],
  ['held for ever', { silence: 1 }, () => []],
])('frames can be %s', async (_name, weather, expected) => {
  const { client, far, proxy } = await startLink(weather);
  const received: Buffer[] = [];
  far.on('data', (bytes) => received.push(bytes));
  const [one = head, two = head] = frames as [Buffer, Buffer];
  client.write(Buffer.concat([Buffer.from(head), Buffer.from(one), Buffer.from(two)]));
  const all = Buffer.concat([Buffer.from(head), ...expected(Buffer.from(one), Buffer.from(two))]);
  await expect.poll(() => Buffer.concat(received)).toEqual(all);
  proxy.resetAll();
});

async function startLink(weather: Weather, isRaw = false): Promise<{ client: Socket; far: Socket; proxy: TcpProxy }> {
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const proxy = await TcpProxy.start([`http://127.0.0.1:${port}`], () => 0.5, isRaw);
  cleanups.push(() => proxy.close());
  proxy.weather = weather;
  const client = connect(Number(new URL(proxy.url).port), '127.0.0.1');
  const [far] = (await once(server, 'connection')) as [Socket];
  for (const socket of [client, far]) socket.on('error', () => {});
  return { client, far, proxy };
}

async function collect(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (bytes) => chunks.push(bytes));
  await once(socket, 'end');
  return Buffer.concat(chunks);
}
