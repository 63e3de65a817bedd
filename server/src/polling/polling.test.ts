import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeServerMessage, type ServerMessage } from '@bunting/core';
import { expect, onTestFinished, test } from 'vitest';
import { ADMIN_KEY, startApp, type TestServerOptions } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';
const PRODUCTION = `${FLAGS}/a/environments/production`;

async function start(options: TestServerOptions = {}) {
  const server = await startApp(options);
  await server.call('POST', FLAGS, { key: 'a', type: 'boolean' });
  await server.call('POST', FLAGS, { key: 'b', type: 'boolean' });
  const keyOf = (kind: string) =>
    server.app.bunting.firstKeys.find((key) => key.kind === kind && key.environment === 'production')?.secret ?? '';
  const poll = async (query = '', headers: Record<string, string> = {}, key = keyOf('server')) => {
    const authorization = `Bearer ${key}`;
    const response = await server.app.inject({
      url: `/stream/snapshot${query}`,
      headers: { authorization, ...headers },
    });
    const { statusCode: status, headers: answered, rawPayload } = response;
    const etag = String(answered.etag);
    return {
      status,
      etag,
      position: etag.slice(1, -1),
      headers: answered,
      bytes: rawPayload,
      text: rawPayload.toString(),
    };
  };
  const report = async (fields: object, key = keyOf('server')) => {
    const response = await server.app.inject({
      method: 'POST',
      url: '/stream/messages',
      headers: { authorization: `Bearer ${key}` },
      payload: { connection: 'c-1', introduction: INTRODUCTION, intervalMs: 1_000, messages: [], ...fields },
    });
    return { status: response.statusCode, body: response.json() };
  };
  const toggle = (enabled: boolean) => server.call('PATCH', PRODUCTION, { enabled });
  const kill = () => server.call('POST', `${PRODUCTION}/kill`, { reason: 'errors' });
  const instances = async () => {
    const { body } = await server.call('GET', '/projects/default/environments/production/instances');
    return body.items.filter(({ lostAt }: { lostAt: string | null }) => lostAt === null);
  };
  return { ...server, keyOf, poll, report, toggle, kill, instances };
}

const INTRODUCTION = { sdk: { name: 'test', version: '1.0.0' }, instance: { id: 'instance-1', app: 'shop' } };

function decode(text: string): ServerMessage {
  const decoded = decodeServerMessage(text);
  if (!decoded.ok || decoded.message.type === 'unknown') throw new Error('not a message');
  return decoded.message;
}

function messagesOf(body: string): ServerMessage[] {
  return body.split('\n\n').map(decode);
}

test('a poll gets the whole ruleset, and then 304 until something changes', async () => {
  const { poll, toggle } = await start({ now: () => 1_700_000_000_000 });
  const first = await poll();
  expect(first).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'private, no-cache',
      'stream-time-ms': '1700000000000',
      'stream-data-age-ms': '0',
    },
  });
  expect(messagesOf(first.text)).toMatchObject([{ type: 'snapshot', kills: [], items: [{ key: 'a' }, { key: 'b' }] }]);
  const again = await poll('', { 'if-none-match': first.etag });
  expect(again).toMatchObject({ status: 304, text: '', etag: first.etag });
  expect(again.headers['stream-time-ms']).toBe('1700000000000');
  await toggle(true);
  const changed = await poll('', { 'if-none-match': first.etag });
  expect(changed.status).toBe(200);
  expect(changed.etag).not.toBe(first.etag);
});

test('with what it has, a poll gets the changes since, and the kills it may not know before them', async () => {
  const { poll, toggle, kill } = await start();
  const { position } = await poll();
  await toggle(true);
  const { text, position: next } = await poll(`?have=${position}`);
  expect(messagesOf(text)).toMatchObject([
    { type: 'changes', from: 3, revision: { number: 4 }, items: [{ key: 'a' }] },
  ]);
  await kill();
  const killed = await poll(`?have=${next}`, { 'if-none-match': `"${next}"` });
  expect(killed.status).toBe(200);
  expect(messagesOf(killed.text)).toMatchObject([
    { type: 'kill', flag: 'a', epoch: 1, engaged: true },
    { type: 'changes', from: 4, revision: { number: 4 }, items: [] },
  ]);
  // Who has said that it knows the kills does not get them again; who has not said so does.
  expect(messagesOf((await poll(`?have=${killed.position}`)).text)).toHaveLength(1);
  expect(messagesOf((await poll(`?have=${next.split('.').slice(0, 3).join('.')}`)).text)).toHaveLength(2);
});

test('a revision that nobody knows the way from is answered by a snapshot', async () => {
  const { poll } = await start();
  for (const have of ['other.1.00', 'other.1.00.0']) {
    expect(messagesOf((await poll(`?have=${have}`)).text)).toMatchObject([{ type: 'snapshot' }]);
  }
  expect(await poll('?have=nonsense')).toMatchObject({
    status: 400,
    text: expect.stringContaining('validation_failed'),
  });
});

test('bodies are packed for those who take gzip, under an ETag of their own that means the same', async () => {
  const { poll, call } = await start();
  for (let i = 0; i < 5; i++) await call('POST', FLAGS, { key: `more-${i}`, type: 'boolean' });
  const plain = await poll();
  const packed = await poll('', { 'accept-encoding': 'br, gzip' });
  expect(packed.headers).toMatchObject({
    'content-encoding': 'gzip',
    vary: expect.stringContaining('accept-encoding'),
  });
  expect(gunzipSync(packed.bytes).toString()).toBe(plain.text);
  expect(packed.etag).not.toBe(plain.etag);
  expect((await poll('', { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding']).toBeUndefined();
  for (const etag of [plain.etag, packed.etag, `W/${plain.etag}`, `"x", ${packed.etag}`]) {
    expect((await poll('', { 'if-none-match': etag })).status).toBe(304);
  }
  expect(messagesOf((await poll(`?have=${encodeURIComponent(packed.position)}`)).text)).toMatchObject([
    { type: 'changes', items: [] },
  ]);
});

test.each([
  ['no key', {}, 401, 'unauthenticated', 'Authorization: Bearer bnt_srv_'],
  ['another scheme', { authorization: 'Basic YTpi' }, 401, 'unauthenticated', 'Bearer bnt_srv_'],
  [
    'a made-up key',
    { authorization: `Bearer bnt_srv_${'x'.repeat(43)}` },
    401,
    'unauthenticated',
    'unknown, has expired or was revoked',
  ],
  ['an admin key', { authorization: `Bearer ${ADMIN_KEY}` }, 403, 'key_refused', 'Use a server key'],
])('%s is refused on every route, and told why', async (_name, headers: Record<string, string>, status, code, text) => {
  const { app } = await start();
  for (const [method, url] of [
    ['GET', '/stream/snapshot'],
    ['GET', '/stream/events'],
    ['POST', '/stream/messages'],
  ] as const) {
    const payload = { connection: 'c', introduction: INTRODUCTION, intervalMs: 1_000, messages: [] };
    const response = await app.inject({ method, url, headers, ...(method === 'POST' ? { payload } : {}) });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ code, message: expect.stringContaining(text) });
  }
});

test('an instance that reports is counted, with its receipt, until it says that it ends', async () => {
  const { report, instances, poll } = await start();
  const { revision } = messagesOf((await poll()).text)[0] as Extract<ServerMessage, { type: 'snapshot' }>;
  const receipt = { type: 'receipt', revision, broken: { count: 0, keys: [] } };
  const news = { type: 'news of a later version', revision: null };
  expect(await report({ messages: [receipt, news, { type: 'heartbeat', dataAgeMs: 5 }] })).toMatchObject({
    status: 200,
    body: { joined: true, takes: ['measurements'] },
  });
  expect(await report({})).toMatchObject({ body: { joined: false, takes: ['measurements'] } });
  expect(await instances()).toMatchObject([{ id: 'instance-1', app: 'shop', revision }]);
  await report({ isClosing: true });
  expect(await instances()).toEqual([]);
});

test('an instance that does not report for three of its intervals has left', async () => {
  const { report, instances } = await start();
  await report({ intervalMs: 1_000 });
  const reportedAtMs = performance.now();
  await expect.poll(instances, { timeout: 8_000, interval: 50 }).toEqual([]);
  expect(performance.now() - reportedAtMs).toBeGreaterThan(2_500);
});

test('a report that is not as described is refused with the place, and nobody joins', async () => {
  const { report, instances } = await start();
  for (const [fields, path] of [
    [
      { messages: [{ type: 'heartbeat' }, { type: 'receipt', revision: 1, broken: { count: 0, keys: [] } }] },
      'messages[1].revision',
    ],
    [{ connection: 'no spaces' }, 'connection'],
    [{ intervalMs: 1 }, 'intervalMs'],
    [{ introduction: {} }, 'introduction.sdk'],
  ] as const) {
    const { status, body } = await report(fields);
    expect([status, body.code, body.details[0].path]).toEqual([400, 'validation_failed', path]);
  }
  expect(await instances()).toEqual([]);
});

test('a page gets the values of its context, and 304 until one of them moves', async () => {
  let nowMs = Date.parse('2026-03-01T00:00:00Z');
  const { app, call, keyOf } = await start({ now: () => nowMs });
  const ask = async (
    headers: Record<string, string> = {},
    context: object = { targetingKey: 'u1' },
    key = keyOf('client'),
  ) => {
    const response = await app.inject({
      method: 'POST',
      url: '/stream/values',
      headers: { authorization: `Bearer ${key}`, origin: 'https://shop.example', ...headers },
      payload: { context },
    });
    return { status: response.statusCode, headers: response.headers, body: response.body && response.json() };
  };
  await call('PATCH', `${FLAGS}/a`, { clientVisible: true });
  const all = [{ variant: 'on', from: 0, to: 100_000 }];
  const ramp = { ranges: [], schedule: [{ atMs: nowMs + 60_000, ranges: all }] };
  await call('PATCH', PRODUCTION, { enabled: true, defaultRule: { split: ramp } });

  const first = await ask();
  expect(first).toMatchObject({
    status: 200,
    headers: { 'access-control-allow-origin': '*', 'cache-control': 'private, no-cache' },
    body: { type: 'values', whole: true, timeMs: nowMs, values: { a: { value: false, variant: 'off' } }, delete: [] },
  });
  const etag = String(first.headers.etag);
  expect(await ask({ 'if-none-match': etag })).toMatchObject({ status: 304, body: '' });
  // A revision that moves no value of this context is no news to it; the ramp is, with no revision at all.
  await call('PATCH', `${FLAGS}/b/environments/production`, { enabled: true });
  expect((await ask({ 'if-none-match': etag })).status).toBe(304);
  nowMs += 120_000;
  expect(await ask({ 'if-none-match': etag })).toMatchObject({ status: 200, body: { values: { a: { value: true } } } });

  expect(await ask({}, {}, keyOf('server'))).toMatchObject({ status: 403, body: { code: 'key_refused' } });
  expect(await ask({}, { text: 'x'.repeat(20_000) })).toMatchObject({
    status: 413,
    body: { code: 'payload_too_large' },
  });
  const preflight = await app.inject({ method: 'OPTIONS', url: '/stream/values' });
  expect(preflight).toMatchObject({ statusCode: 204, headers: { 'access-control-allow-methods': 'GET, POST' } });
});

/** Reads server-sent events as they come. */
async function listen(server: Awaited<ReturnType<typeof start>>, query = '', headers: Record<string, string> = {}) {
  const { app, keyOf } = server;
  if (app.server.address() === null) await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const authorization = `Bearer ${keyOf('server')}`;
    const options = { headers: { authorization, ...headers } };
    const request = get(`http://127.0.0.1:${port}/stream/events${query}`, options, resolve);
    request.on('error', reject);
    onTestFinished(() => void request.destroy());
  });
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  response.on('error', () => {});
  const events = () =>
    text
      .split('\n\n')
      .slice(0, -1)
      .filter((event) => !event.startsWith(':'))
      .map((event) => {
        const lines = event.split('\n');
        const id = lines.find((line) => line.startsWith('id: '))?.slice(4);
        const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
        return { id, message: decode(data.join('\n')) };
      });
  return {
    response,
    events,
    types: () => events().map(({ message }) => message.type),
    text: () => text,
    ended: new Promise<void>((resolve) => response.on('close', resolve)),
  };
}

test('events are the messages of the stream: padding, a snapshot, a heartbeat, then each change and kill', async () => {
  const server = await start();
  const { response, events, types, text } = await listen(server);
  expect(response.headers).toMatchObject({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  await expect.poll(types).toEqual(['snapshot', 'heartbeat']);
  expect(text()).toMatch(/^: {2048}\n\n/);
  await server.toggle(true);
  await server.kill();
  await server.toggle(false);
  await expect.poll(types).toEqual(['snapshot', 'heartbeat', 'changes', 'kill', 'changes']);
  expect(events().map(({ message }) => ('from' in message ? message.from : undefined))).toEqual([
    undefined,
    undefined,
    3,
    undefined,
    4,
  ]);
  // A kill and a heartbeat say nothing of where the reader is.
  expect(events().map(({ id }) => id !== undefined)).toEqual([true, false, true, false, true]);
});

test('who comes back resumes where it was, kills first, by Last-Event-ID or by have', async () => {
  const server = await start();
  const first = await listen(server);
  await expect.poll(first.types).toEqual(['snapshot', 'heartbeat']);
  const id = first.events()[0]?.id ?? '';
  await server.toggle(true);
  await server.kill();
  for (const again of [await listen(server, '', { 'last-event-id': id }), await listen(server, `?have=${id}`)]) {
    await expect.poll(again.types).toEqual(['kill', 'changes', 'heartbeat']);
    // Whoever is cut off between the two has not got there yet.
    expect(again.events().map((event) => event.id !== undefined)).toEqual([false, true, false]);
  }
  const lost = await listen(server, '', { 'last-event-id': 'of some other server' });
  await expect.poll(lost.types).toEqual(['snapshot', 'heartbeat']);
});

test('a burst of changes reaches a reader whole and in order', async () => {
  const server = await start();
  const { events, types } = await listen(server);
  await expect.poll(types).toContain('heartbeat');
  await Promise.all(Array.from({ length: 20 }, (_, i) => server.toggle(i % 2 === 0)));
  const newest = server.app.bunting.rulesets;
  const number = [...newest.all()].find(({ environment }) => environment === 'production')?.revision.number;
  const changes = () => events().flatMap(({ message }) => (message.type === 'changes' ? [message] : []));
  await expect.poll(() => changes().at(-1)?.revision.number).toBe(number);
  let at = 3;
  for (const { from, revision } of changes()) {
    expect(from).toBe(at);
    at = revision.number;
  }
});

test('heartbeats go on; a goodbye comes before the end', async () => {
  const server = await start({ streamLimits: { heartbeatMs: 30 } });
  const { types, ended } = await listen(server);
  await expect.poll(() => types().filter((type) => type === 'heartbeat').length).toBeGreaterThan(2);
  await server.app.close();
  await ended;
  expect(types().at(-1)).toBe('goodbye');
});

test('a reader that does not read cannot keep the server from closing', async () => {
  const server = await start({ streamLimits: { closeTimeoutMs: 200 } });
  const [ruleset] = [...server.app.bunting.rulesets.all()].filter(({ environment }) => environment === 'production');
  if (ruleset === undefined) throw new Error('no ruleset');
  // More than the system holds for a socket.
  const item = { kind: 'flag', key: 'large', json: `"${'x'.repeat(32 * 1024 * 1024)}"` } as const;
  const { environmentId, project, environment, revision, committedAtMs } = ruleset;
  const state = { environmentId, project, environment, revision, committedAtMs, items: [item], recent: [], kills: [] };
  server.app.bunting.rulesets.replace(state);
  const { response } = await listen(server);
  response.pause();
  const begunAtMs = performance.now();
  await server.app.close();
  expect(performance.now() - begunAtMs).toBeLessThan(5_000);
});

test('the end of the events is the end of the membership of their connection', async () => {
  const server = await start();
  const { types, response } = await listen(server, '?connection=c-9');
  await expect.poll(types).toContain('snapshot');
  await server.report({ connection: 'c-9', intervalMs: 60_000 });
  expect(await server.instances()).toHaveLength(1);
  response.destroy();
  await expect.poll(server.instances).toEqual([]);
});

test('a key that is revoked ends its events with the reason, and its instances leave', async () => {
  const server = await start();
  const { types, events, ended } = await listen(server);
  await expect.poll(types).toContain('snapshot');
  await server.report({});
  const keys = '/projects/default/environments/production/keys';
  const { body } = await server.call('GET', keys);
  const { id } = body.items.find(({ kind }: { kind: string }) => kind === 'server');
  expect((await server.call('DELETE', `${keys}/${id}`)).status).toBe(204);
  await ended;
  expect(events().at(-1)?.message).toMatchObject({ type: 'error', code: 'key_refused' });
  expect(await server.instances()).toEqual([]);
});
