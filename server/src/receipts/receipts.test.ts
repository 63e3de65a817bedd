import type { ReceiptMessage, Revision } from '@bunting/core';
import { expect, test } from 'vitest';
import { SESSION_IDLE_MS } from '../sessions/lifetime.ts';
import { Browser, OWNER, signedIn } from '../testing/browser.ts';
import { readEvents } from '../testing/read-events.ts';
import { ADMIN_KEY, startApp } from '../testing/start-app.ts';
import { connect, hello, listen, type StreamClient } from '../testing/stream-client.ts';
import { engine } from '../testing/test-database.ts';

const ENVIRONMENT = '/projects/default/environments/production';
const TARGETING = '/projects/default/flags/a/environments/production';
const NONE_BROKEN: ReceiptMessage['broken'] = { count: 0, keys: [] };
/** One that is alone has no name among servers. */
const OWN_SERVER = engine === 'sqlite' ? null : expect.stringMatching(/^http:/);

async function start() {
  const server = await startApp();
  const url = await listen(server.app);
  const [serverKey, clientKey] = ['server', 'client'].map(
    (kind) => server.app.bunting.firstKeys.find((key) => key.kind === kind && key.environment === 'production')?.secret,
  );
  if (serverKey === undefined || clientKey === undefined) throw new Error('no first keys');
  await server.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const receipts = async () => (await server.call('GET', `${ENVIRONMENT}/receipts`)).body;
  return { ...server, url, serverKey, clientKey, receipts };
}

const confirm = (client: StreamClient, revision: Revision, broken = NONE_BROKEN) =>
  client.send({ type: 'receipt', revision, broken });

test('counts who runs the newest revision, and how long it took', async () => {
  const { call, url, serverKey, receipts } = await start();
  const clients = await Promise.all(
    ['x', 'y'].map((id) => connect(url, hello(serverKey, { instance: { id, app: 'shop', host: 'h1' } }))),
  );
  for (const client of clients) confirm(client, (await client.next('snapshot')).revision);
  await expect.poll(receipts).toMatchObject({ instances: 2, confirmed: 2, pending: 0, broken: 0, lastMs: null });

  const { body } = await call('PATCH', TARGETING, { enabled: true });
  expect(await receipts()).toMatchObject({ revision: body.revision, confirmed: 0, pending: 2, p50Ms: null });
  for (const client of clients) await client.next('changes');
  const [x, y] = clients as [StreamClient, StreamClient];
  confirm(x, body.revision, { count: 1, keys: ['a'] });
  await expect.poll(receipts).toMatchObject({ confirmed: 1, pending: 1, broken: 1, firstMs: expect.any(Number) });
  confirm(y, body.revision);
  await expect.poll(receipts).toMatchObject({ confirmed: 2, pending: 0, committedAt: body.committedAt });
  const { firstMs, p50Ms, p99Ms, lastMs } = await receipts();
  expect([firstMs, p50Ms, p99Ms, lastMs]).toEqual([firstMs, p50Ms, p99Ms, lastMs].toSorted((a, b) => a - b));
  expect(lastMs).toBeLessThan(5_000);
  y.socket.close();
  await expect.poll(receipts).toMatchObject({ instances: 1, confirmed: 1, unknown: 0 });
  x.socket.terminate();
  await expect.poll(receipts).toMatchObject({ instances: 0, unknown: 1 });
});

test('an instance that connects after the commit counts as confirmed, not as a delivery time', async () => {
  const { call, url, serverKey, receipts } = await start();
  await call('PATCH', TARGETING, { enabled: true });
  const client = await connect(url, hello(serverKey));
  confirm(client, (await client.next('snapshot')).revision);
  await expect.poll(receipts).toMatchObject({ instances: 1, confirmed: 1, firstMs: null, lastMs: null });
});

test('a receipt for another content than is served does not count', async () => {
  const { url, serverKey, receipts } = await start();
  const client = await connect(url, hello(serverKey));
  const { revision } = await client.next('snapshot');
  confirm(client, { ...revision, hash: 'f'.repeat(32) });
  confirm(client, { ...revision, incarnation: 'other' });
  confirm(client, { ...revision, number: revision.number + 1 });
  client.send({ type: 'heartbeat' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await receipts()).toMatchObject({ instances: 1, confirmed: 0 });
});

test('client keys do not count', async () => {
  const { url, clientKey, receipts } = await start();
  const client = await connect(url, hello(clientKey, { context: {} }));
  confirm(client, (await client.next('values')).revision);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await receipts()).toMatchObject({ instances: 0, confirmed: 0 });
});

test('an instance that reconnects before its old connection is noticed is counted once', async () => {
  const { url, serverKey, receipts } = await start();
  const old = await connect(url, hello(serverKey));
  await old.next('snapshot');
  const back = await connect(url, hello(serverKey));
  confirm(back, (await back.next('snapshot')).revision);
  await expect.poll(receipts).toMatchObject({ instances: 1, confirmed: 1 });
  old.socket.close();
  await old.closed;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await receipts()).toMatchObject({ instances: 1, confirmed: 1 });
});

test('lists instances with what they said of themselves', async () => {
  const { call, url, serverKey } = await start();
  const said = { instance: { id: 'b', app: 'shop', host: 'h1' }, deploy: { version: '1.2', color: 'blue' } };
  const b = await connect(url, hello(serverKey, said));
  const a = await connect(url, hello(serverKey, { instance: { id: 'a' } }));
  const { revision } = await b.next('snapshot');
  await a.next('snapshot');
  confirm(b, revision, { count: 2, keys: ['a'] });
  const instances = async () => (await call('GET', `${ENVIRONMENT}/instances`)).body.items;
  await expect.poll(instances).toEqual([
    {
      id: 'a',
      app: null,
      host: null,
      sdk: { name: 'test', version: '1.0.0' },
      deploy: null,
      relay: null,
      server: OWN_SERVER,
      key: expect.any(String),
      pollMs: null,
      state: 'pending',
      connectedAt: expect.any(String),
      lostAt: null,
      revision: null,
      behindSince: expect.any(String),
      behindMs: expect.any(Number),
      dataAgeMs: null,
      brokenFlags: 0,
    },
    expect.objectContaining({ ...said.instance, deploy: said.deploy, state: 'confirmed', revision, brokenFlags: 2 }),
  ]);
  const { body: first } = await call('GET', `${ENVIRONMENT}/instances?limit=1`);
  const { body: second } = await call('GET', `${ENVIRONMENT}/instances?limit=1&cursor=${first.nextCursor}`);
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['a', 'b']);
  expect(second.nextCursor).toBeNull();
});

test('streams receipts as events: at once, on each change, and ends when the server closes', async () => {
  const { app, call, url, serverKey } = await start();
  const path = url.replace('ws:', 'http:').replace('/stream', '/api/v1/projects/default/receipts/stream');
  const { events, latest, ended } = readEvents(path, { authorization: `Bearer ${ADMIN_KEY}` });
  await expect.poll(() => events.map(({ data }) => data.environment)).toEqual(['development', 'production']);
  expect(events[0]).toMatchObject({ event: 'receipts', data: { instances: 0 } });
  const client = await connect(url, hello(serverKey));
  await client.next('snapshot');
  await expect.poll(() => latest('receipts', 'production')?.instances).toBe(1);
  const { body } = await call('PATCH', TARGETING, { enabled: true });
  confirm(client, body.revision);
  await expect.poll(() => latest('receipts', 'production')).toMatchObject({ confirmed: 1, revision: body.revision });
  await app.close();
  expect(await ended).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
});

test('a page that leaves ends its stream, and HEAD opens none', async () => {
  const { app, url } = await start();
  const path = url.replace('ws:', 'http:').replace('/stream', '/api/v1/projects/default/receipts/stream');
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  expect((await fetch(path, { method: 'HEAD', headers })).status).toBe(404);
  const abort = new AbortController();
  const response = await fetch(path, { headers, signal: abort.signal });
  expect(response.status).toBe(200);
  expect(app.bunting.eventStreams.size).toBe(1);
  abort.abort();
  await expect.poll(() => app.bunting.eventStreams.size).toBe(0);
});

test('signing out ends the streams of that session at once, and of no other', async () => {
  const { app, url } = await start();
  const path = url.replace('ws:', 'http:').replace('/stream', '/api/v1/projects/default/receipts/stream');
  const browser = await signedIn(app);
  const other = new Browser(app);
  await other.call('POST', '/session', { email: OWNER.email, password: OWNER.password });
  const open = async ({ cookie = '' }: Browser) => (await fetch(path, { headers: { cookie } })).text();
  const ended = open(browser);
  const lasting = open(other);
  await expect.poll(() => app.bunting.eventStreams.size).toBe(2);
  await browser.call('DELETE', '/session');
  expect(await ended).toContain('event: receipts');
  expect(app.bunting.eventStreams.size).toBe(1);
  await app.close();
  await lasting;
});

test('a lease of a session ends when the session expires, and does not extend it', async () => {
  let nowMs = Date.now();
  const { app } = await startApp({ now: () => nowMs });
  const { cookie = '' } = await signedIn(app);
  const lease = app.bunting.sessions.lease(cookie.replace('bunting_session=', ''));
  nowMs += SESSION_IDLE_MS - 1;
  expect(await lease.isValid()).toBe(true);
  nowMs += 1;
  expect(await lease.isValid()).toBe(false);
});

test('the receipts of an environment that is not there are not found', async () => {
  const { call } = await start();
  expect((await call('GET', '/projects/default/environments/nowhere/receipts')).status).toBe(404);
  expect((await call('GET', '/projects/nowhere/receipts/stream')).status).toBe(404);
});
