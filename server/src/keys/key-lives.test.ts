import { CLOSE, SUBPROTOCOL } from '@bunting/core';
import { expect, test } from 'vitest';
import { startApp, type TestServer } from '../testing/start-app.ts';
import { startRelay } from '../testing/start-relay.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

const KEYS = '/projects/default/environments/production/keys';
const PAGE = { context: { targetingKey: 'u' } };
const inMs = (ms: number, fromMs = Date.now()) => new Date(fromMs + ms).toISOString();

const make = async ({ call }: TestServer, input: object) => {
  const { status, body } = await call('POST', KEYS, { name: 'x', ...input });
  expect([status, body.message]).toEqual([201, undefined]);
  return body as { id: string; secret: string; expiresAt: string | null };
};

test('a key that expires closes its open sockets, and is refused from then on', async () => {
  const server = await startApp();
  const url = await listen(server.app);
  const { secret } = await make(server, { kind: 'server', expiresAt: inMs(3_000) });
  const lasting = await connect(url, hello((await make(server, { kind: 'server' })).secret));
  await lasting.next('snapshot');
  const client = await connect(url, hello(secret));
  await client.next('snapshot');
  expect((await client.closed).code).toBe(CLOSE.keyRefused);
  expect((await client.next('error')).message).toContain('expired');
  const again = await connect(url, hello(secret));
  expect((await again.next('error')).code).toBe('key_refused');
  const headers = { authorization: `Bearer ${secret}` };
  expect((await server.app.inject({ url: '/stream/snapshot', headers })).statusCode).toBe(401);
  const bulk = { method: 'POST', url: '/ofrep/v1/evaluate/flags', headers, payload: { context: {} } } as const;
  expect((await server.app.inject(bulk)).statusCode).toBe(401);
  expect(lasting.socket.readyState).toBe(lasting.socket.OPEN);
});

test('a key that has expired stays so over a restart, and cannot be brought back', async () => {
  let nowMs = Date.now();
  const server = await startApp({ now: () => nowMs });
  const { id, secret } = await make(server, { kind: 'server', expiresAt: inMs(1_000, nowMs) });
  nowMs += 999;
  expect(server.app.bunting.keyRing.find(secret)).toBeDefined();
  nowMs += 1;
  expect(server.app.bunting.keyRing.find(secret)).toBeUndefined();
  expect((await server.call('PATCH', `${KEYS}/${id}`, { expiresAt: null })).body.code).toBe('conflict');
  await server.app.close();
  const again = await startApp({ now: () => nowMs, dataDir: server.dataDir });
  expect(again.app.bunting.keyRing.find(secret)).toBeUndefined();
});

test('an end can be moved and taken back while the key is valid', async () => {
  let nowMs = Date.now();
  const server = await startApp({ now: () => nowMs });
  const { id, secret } = await make(server, { kind: 'server' });
  const patch = (expiresAt: string | null) => server.call('PATCH', `${KEYS}/${id}`, { expiresAt });
  expect((await patch(inMs(1_000, nowMs))).body.expiresAt).toBe(inMs(1_000, nowMs));
  expect((await patch(null)).body.expiresAt).toBeNull();
  nowMs += 2_000;
  expect(server.app.bunting.keyRing.find(secret)).toBeDefined();
  const past = await patch(inMs(-1, nowMs));
  expect(past.body.details).toEqual([{ path: 'expiresAt', message: expect.stringContaining('is over') }]);
  expect((await patch('2030-02-31T25:00:00Z')).status).toBe(400);
});

test('a key is rotated with both valid for a while, and no third one', async () => {
  let nowMs = Date.now();
  const server = await startApp({ now: () => nowMs });
  const { keyRing } = server.app.bunting;
  const old = await make(server, { kind: 'client', origins: ['https://shop.example.com'] });
  const rotate = (id: string, oldUntil: string | null) => server.call('POST', `${KEYS}/${id}/rotate`, { oldUntil });
  const { status, body: made } = await rotate(old.id, inMs(60_000, nowMs));
  expect(status).toBe(201);
  expect(made).toMatchObject({
    kind: 'client',
    replaces: old.id,
    origins: ['https://shop.example.com'],
    expiresAt: null,
  });
  expect([keyRing.find(old.secret)?.id, keyRing.find(made.secret)?.id]).toEqual([old.id, made.id]);
  expect((await rotate(made.id, null)).body.message).toContain('two at most');
  expect((await rotate(old.id, null)).body.message).toContain('two at most');
  nowMs += 60_000;
  expect(keyRing.find(old.secret)).toBeUndefined();
  const third = await rotate(made.id, null);
  expect(third.status).toBe(201);
  expect(keyRing.find(made.secret)).toBeDefined();
  expect((await rotate(old.id, null)).body.code).toBe('conflict');
});

test('pages of other sites may not use a key that names its own', async () => {
  const server = await startApp();
  const url = await listen(server.app);
  const origins = ['https://shop.example.com', 'http://localhost:3000'];
  const { id, secret } = await make(server, { kind: 'client', origins });
  const open = (origin?: string) => connect(url, hello(secret, PAGE), [SUBPROTOCOL], origin);
  for (const origin of [...origins, undefined]) await (await open(origin)).next('values');
  for (const origin of [
    'https://evil.example.com',
    'null',
    'https://shop.example.com:444',
    'http://shop.example.com',
  ]) {
    const refused = await open(origin);
    expect((await refused.next('error')).message).toContain(`Pages of ${origin} may not use this key`);
    const headers = { authorization: `Bearer ${secret}`, origin };
    for (const path of ['/ofrep/v1/evaluate/flags', '/stream/values']) {
      const payload = { context: { targetingKey: 'u' } };
      const { statusCode } = await server.app.inject({ method: 'POST', url: path, headers, payload });
      expect([path, statusCode]).toEqual([path, 403]);
    }
  }
  await server.call('PATCH', `${KEYS}/${id}`, { origins: null });
  await (await open('https://evil.example.com')).next('values');
});

test('only client keys have origins, and those are origins', async () => {
  const { call } = await startApp();
  const add = (kind: string, origins: string[]) => call('POST', KEYS, { kind, name: 'x', origins });
  expect((await add('server', ['https://a.example.com'])).body.details[0].path).toBe('origins');
  for (const origin of ['shop.example.com', 'https://a.example.com/', 'https://*', 'ftp://a']) {
    const { status } = await add('client', [origin]);
    expect([origin, status]).toEqual([origin, origin === 'https://*' ? 201 : 400]);
  }
});

test('when a key was last used is known to the hour', async () => {
  let nowMs = Date.now();
  const server = await startApp({ now: () => nowMs });
  const { id, secret } = await make(server, { kind: 'server' });
  const headers = { authorization: `Bearer ${secret}` };
  const use = () => server.app.inject({ url: '/stream/snapshot', headers });
  const lastUsedAt = async () =>
    (await server.call('GET', KEYS)).body.items.find((key: { id: string }) => key.id === id).lastUsedAt;
  expect(await lastUsedAt()).toBeNull();
  await use();
  await expect.poll(lastUsedAt).toBe(inMs(0, nowMs));
  const firstMs = nowMs;
  nowMs += 59 * 60_000;
  await use();
  expect(await lastUsedAt()).toBe(inMs(0, firstMs));
  nowMs += 60_000;
  await use();
  await expect.poll(lastUsedAt).toBe(inMs(0, nowMs));
});

test('a relay keeps to what keys are limited to, also without its upstream, and tells which are used', async () => {
  const server = await startApp();
  const upstream = await listen(server.app);
  const { secret: relayKey } = await make(server, { kind: 'relay' });
  const ending = await make(server, { kind: 'server', expiresAt: inMs(4_000) });
  const page = await make(server, { kind: 'client', origins: ['https://shop.example.com'] });
  const relay = await startRelay(upstream, { keys: [relayKey] });
  await expect.poll(async () => (await relay.readiness()).body.status).toBe('ready');
  const client = await connect(relay.url, hello(ending.secret));
  await client.next('snapshot');
  const foreign = await connect(relay.url, hello(page.secret, PAGE), [SUBPROTOCOL], 'https://evil.example.com');
  expect((await foreign.next('error')).code).toBe('key_refused');
  for (const environment of relay.app.relay.environments) environment.uses.flush();
  const lastUsedAt = async (id: string) =>
    (await server.call('GET', KEYS)).body.items.find((key: { id: string }) => key.id === id).lastUsedAt;
  await expect.poll(() => lastUsedAt(ending.id)).not.toBeNull();
  await server.app.close();
  expect((await client.closed).code).toBe(CLOSE.keyRefused);
});
