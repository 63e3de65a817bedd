import { expect, test } from 'vitest';
import { ADMIN_KEY, startApp } from '../testing/start-app.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';
import { engine, onSqlite } from '../testing/test-database.ts';

test('is alive and ready once it is built', async () => {
  const { app } = await startApp();
  expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' });
  const notifications = engine === 'sqlite' ? 'none' : 'listening';
  const readiness = async () => {
    const response = await app.inject('/readyz');
    return [response.statusCode, response.json()];
  };
  expect((await app.inject('/metrics')).body).toContain('bunting_database_up 1');
  await expect
    .poll(readiness)
    .toEqual([200, { status: 'ready', database: 'ok', engine, notifications, environments: 2, unstoredKills: 0 }]);
});

test('with the database lost it is degraded, goes on serving the stream, and says so to who would change something', async () => {
  const { app, call } = await startApp();
  const url = await listen(app);
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const key = app.bunting.firstKeys.find(({ kind }) => kind === 'server')?.secret ?? '';
  const before = await connect(url, hello(key));
  const { revision } = await before.next('snapshot');

  await app.bunting.database.destroy();
  await expect
    .poll(async () => (await app.inject('/readyz')).json(), { timeout: 5_000 })
    .toMatchObject({ status: 'degraded', database: 'failing', environments: 2 });
  expect((await app.inject('/readyz')).statusCode).toBe(200);
  expect((await app.inject('/healthz')).statusCode).toBe(200);
  expect((await app.inject('/metrics')).body).toContain('bunting_database_up 0');
  const change = await call('PATCH', '/projects/default/flags/a/environments/production', { enabled: true });
  expect(change).toMatchObject({ status: 503, body: { code: 'store_unavailable' }, headers: { 'retry-after': '5' } });

  expect(before.socket.readyState).toBe(before.socket.OPEN);
  const snapshot = await (await connect(url, hello(key))).next('snapshot');
  expect(snapshot.revision).toEqual(revision);
  const resumed = await (await connect(url, hello(key, { have: revision }))).next('changes');
  expect(resumed.items).toEqual([]);
});

onSqlite('a database that cannot be written is reported until a change succeeds', async () => {
  const { app, call } = await startApp();
  const { database } = app.bunting;
  const readOnly = (value: string) =>
    database.executeQuery({ sql: `pragma query_only = ${value}`, parameters: [] } as never);
  const create = (key: string) => call('POST', '/projects', { key, name: key });
  await readOnly('on');
  expect(await create('a')).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
  expect((await app.inject('/readyz')).json().status).toBe('degraded');
  await readOnly('off');
  expect((await create('a')).status).toBe(201);
  expect((await app.inject('/readyz')).json().status).toBe('ready');
});

test('is not ready while it drains', async () => {
  const { app } = await startApp();
  app.bunting.readiness.drain();
  const response = await app.inject('/readyz');
  expect([response.statusCode, response.json().status]).toEqual([503, 'draining']);
});

test('answers as ever while it closes, but says that it is not ready and keeps no connection', async () => {
  const { app } = await startApp({ streamLimits: { closeTimeoutMs: 10_000 } });
  const url = await listen(app);
  const key = app.bunting.firstKeys.find(({ kind }) => kind === 'server')?.secret ?? '';
  const deaf = await connect(url, hello(key));
  await deaf.next('snapshot');
  deaf.socket.pause();
  const base = url.replace('ws:', 'http:').replace('/stream', '');
  const closed = app.close();
  await expect.poll(() => app.bunting.readiness.isDraining).toBe(true);
  const readiness = await fetch(`${base}/readyz`);
  expect([readiness.status, await readiness.json()]).toEqual([503, expect.objectContaining({ status: 'draining' })]);
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const answer = await fetch(`${base}/api/v1/projects`, { headers });
  expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
  await expect(connect(url)).rejects.toThrow('Unexpected server response: 503');
  deaf.socket.resume();
  await closed;
});

test('finishes a request that is under way when it closes', async () => {
  const { app } = await startApp();
  const url = (await listen(app)).replace('ws:', 'http:').replace('/stream', '/api/v1/projects');
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ key: 'last', name: 'Last' });
  const answer = fetch(url, { method: 'POST', headers, body });
  // Long enough for the request to arrive, and before its commit is done.
  await new Promise((resolve) => app.server.once('request', resolve));
  await app.close();
  expect((await answer).status).toBe(201);
});
