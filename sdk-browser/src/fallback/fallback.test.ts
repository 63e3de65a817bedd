import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { ConnectOptions } from '../options.ts';
import type { Json } from '../protocol.ts';
import { cleanups, startPage, startServer, values } from '../test/page.ts';
import { fallBackWith } from './index.ts';

/** A server whose WebSockets do not come through, as a test plays it. */
interface Way {
  /** What becomes of a streamed response: it comes through, is held back, is unknown to the server, ends at once, or not now. */
  stream: 'open' | 'held' | 'unknown' | 'empty' | 'unwell';
  served: Record<string, Json>;
  refusal: { status: number; body: object; headers?: Record<string, string> } | undefined;
}

const TIMING = { firstEventMs: 200, pollMs: 30, retryMs: 1_000_000 };
const openWebSocket = (url: string, subprotocol: string) => new WebSocket(url, subprotocol);

async function startWay(initial: Partial<Way> = {}) {
  const way: Way = { stream: 'open', served: { a: false }, refusal: undefined, ...initial };
  const asked: { path: string; body: Record<string, Json>; etag: string | undefined }[] = [];
  const streams = new Set<ServerResponse>();
  const message = () => JSON.stringify(values(1, way.served));
  const server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const etag = request.headers['if-none-match'];
    asked.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()), etag });
    if (way.refusal !== undefined) {
      const { status, body, headers } = way.refusal;
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
      return;
    }
    const headers = { 'stream-data-age-ms': '0', etag: `"${message().length}${JSON.stringify(way.served).length}"` };
    if (!request.url?.endsWith('/events')) {
      const isKnown = etag === '*' || etag === headers.etag;
      response.writeHead(isKnown ? 304 : 200, headers).end(isKnown ? undefined : message());
    } else if (way.stream === 'unknown' || way.stream === 'unwell') {
      response.writeHead(way.stream === 'unknown' ? 404 : 503).end('{}');
    } else {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      if (way.stream === 'open') response.write(`:\n\ndata: ${message()}\n\n`);
      if (way.stream === 'empty') response.end();
      else streams.add(response);
    }
  });
  let upgrades = 0;
  server.on('upgrade', (_request, socket) => {
    upgrades += 1;
    socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tell = (served: Record<string, Json>) => {
    way.served = served;
    for (const stream of streams) stream.write(`data: ${message()}\n\n`);
  };
  const cut = () => {
    for (const stream of streams) stream.destroy();
    streams.clear();
  };
  return { url, way, asked, tell, cut, upgrades: () => upgrades };
}

function open(url: string, options: Partial<ConnectOptions> = {}, timing = TIMING) {
  const socket = fallBackWith(timing, openWebSocket);
  return startPage({ url } as never, { socket, ...options });
}

test('when two WebSockets have failed, values come by a streamed response, and changes at once', async () => {
  const { url, asked, tell, upgrades } = await startWay();
  const { flags } = open(`${url}/any/path`);
  expect(await flags.ready()).toMatchObject({ state: 'live', error: undefined });
  expect(upgrades()).toBe(2);
  expect(asked).toMatchObject([{ path: '/any/path/values/events', body: { context: { targetingKey: 'ann' } } }]);
  tell({ a: true });
  await expect.poll(() => flags.isEnabled('a')).toBe(true);
  expect(asked).toHaveLength(1);
});

test.each(['held', 'unknown', 'empty'] as const)(
  'where the streamed response is %s, the page polls',
  async (stream) => {
    const { url, asked, way } = await startWay({ stream });
    const { flags } = open(url);
    expect(await flags.ready()).toMatchObject({ state: 'live' });
    await expect.poll(() => asked.filter(({ etag }) => etag !== undefined).length).toBeGreaterThan(2);
    way.served = { a: true, another: 1 };
    await expect.poll(() => flags.isEnabled('a')).toBe(true);
    // What was found out of the way holds for the next context, too.
    await flags.identify({ targetingKey: 'bob' });
    expect(asked.filter(({ path }) => path.endsWith('/events'))).toHaveLength(1);
  },
);

test('another context is asked for by the way that is known to work', async () => {
  const { url, asked, upgrades } = await startWay();
  const { flags } = open(url);
  await flags.ready();
  expect((await flags.identify({ targetingKey: 'bob' })).state).toBe('live');
  expect(asked.at(-1)?.body.context).toEqual({ targetingKey: 'bob' });
  expect(upgrades()).toBe(2);
});

test('a streamed response that breaks is asked for anew', async () => {
  const { url, asked, cut, tell } = await startWay();
  const { flags } = open(url);
  await flags.ready();
  cut();
  await expect.poll(() => asked.length).toBe(2);
  tell({ a: true });
  await expect.poll(() => flags.isEnabled('a')).toBe(true);
});

test('what was evaluated is told with a poll, and when the page goes', async () => {
  const { url, asked } = await startWay({ stream: 'unknown' });
  const { flags } = open(url);
  await flags.ready();
  flags.isEnabled('a');
  const told = () =>
    asked.flatMap(({ body }) => (body.telemetry as { exposures: object[] } | undefined)?.exposures ?? []);
  flags.close();
  await expect.poll(told).toMatchObject([{ flag: 'a', variant: 'false', count: 1 }]);
});

test('a refused key is fatal, a page of a proxy in between is not', async () => {
  const { url, way } = await startWay({
    refusal: { status: 401, body: { code: 'unauthenticated', message: 'The SDK key is unknown.' } },
  });
  const { flags } = open(url);
  const { error } = await flags.ready();
  expect(error).toMatchObject({ code: 'key_refused', fatal: true, message: expect.stringContaining('is unknown') });

  way.refusal = { status: 403, body: { html: 'sign in to the network' } };
  const other = open(url);
  const { error: harmless } = await other.flags.ready({ timeoutMs: 500 });
  expect(harmless).toMatchObject({ code: 'connection_failed', fatal: false });
});

test('who is sent away comes back when told, and not before', async () => {
  const { url, way, asked } = await startWay({
    refusal: { status: 429, body: {}, headers: { 'retry-after': '1' } },
  });
  const { flags } = open(url);
  await expect.poll(() => asked.length).toBe(2);
  way.refusal = undefined;
  const startedMs = performance.now();
  await flags.ready();
  expect(performance.now() - startedMs).toBeGreaterThan(900);
});

test('a server that was away for a while is asked for a streamed response again', async () => {
  const { url, way, asked, tell } = await startWay({ refusal: { status: 503, body: {} } });
  const { flags } = open(url);
  await expect.poll(() => asked.filter(({ path }) => !path.endsWith('/events')).length).toBeGreaterThan(0);
  way.refusal = undefined;
  await flags.ready();
  await expect.poll(() => asked.at(-1)?.path).toBe('/stream/values/events');
  tell({ a: true });
  await expect.poll(() => flags.isEnabled('a')).toBe(true);
});

test('a page that polls because the server cannot stream just now streams when it can', async () => {
  const { url, way, asked, tell } = await startWay({ stream: 'unwell' });
  const { flags } = open(url);
  expect(await flags.ready()).toMatchObject({ state: 'live' });
  way.stream = 'open';
  await expect.poll(() => asked.at(-1)?.path).toBe('/stream/values/events');
  tell({ a: true });
  await expect.poll(() => flags.isEnabled('a')).toBe(true);
});

test('when WebSockets come through after all, the page goes over to one without being stale in between', async () => {
  const { url, asked } = await startWay();
  const server = await startServer();
  let isCut = true;
  const openSocket = (wanted: string, subprotocol: string) =>
    new WebSocket(isCut ? wanted : server.url.replace('http', 'ws'), subprotocol);
  const { flags } = startPage({ url } as never, { socket: fallBackWith({ ...TIMING, retryMs: 50 }, openSocket) });
  const states: string[] = [];
  flags.on('stale', () => states.push('stale'));
  await flags.ready();
  isCut = false;
  const peer = await server.next();
  peer.send(values(2, { a: true }));
  await expect.poll(() => flags.isEnabled('a')).toBe(true);
  peer.send(values(3, { a: false }));
  await expect.poll(() => flags.isEnabled('a')).toBe(false);
  expect(peer.said.some(({ type }) => type === 'receipt')).toBe(true);
  expect(states).toEqual([]);
  expect(asked).toHaveLength(1);
  peer.terminate();
  // Back to WebSockets first.
  (await server.next()).send(values(4, { a: true }));
  await expect.poll(() => flags.isEnabled('a')).toBe(true);
});
