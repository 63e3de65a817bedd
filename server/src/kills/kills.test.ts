import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { Journal } from '../journal/journal.ts';
import { Browser, OWNER, signedIn } from '../testing/browser.ts';
import { ADMIN_KEY, newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';
import { onSqlite } from '../testing/test-database.ts';

const FLAG = '/projects/default/flags/a';
const PRODUCTION = `${FLAG}/environments/production`;
const KILLS = '/projects/default/environments/production/kills';

async function startWithFlag(): Promise<TestServer> {
  const server = await startApp();
  await server.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  return server;
}

function killsOf({ app }: TestServer, environment = 'production') {
  return app.bunting.rulesets.named('default', environment)?.kills;
}

test('a kill is in force, stored and told: by the API, by the flag, by the audit log', async () => {
  const server = await startWithFlag();
  const { call } = server;
  const heard: unknown[] = [];
  server.app.bunting.rulesets.onKill(({ environment }, kill) => heard.push({ environment, ...kill }));
  const before = await call('GET', FLAG);
  const { status, body, headers } = await call('POST', `${PRODUCTION}/kill`, { reason: 'errors' });
  const by = { kind: 'key', id: expect.any(String), name: 'Bootstrap admin key' };
  const killed = { epoch: 1, at: expect.any(String), by, reason: 'errors', stored: true };
  expect([status, body]).toEqual([
    200,
    { flag: 'a', engaged: true, ...killed, kept: true, peers: { told: 0, failed: [] } },
  ]);
  expect(heard).toEqual([{ environment: 'production', flag: 'a', epoch: 1, engaged: true }]);
  const after = await call('GET', FLAG);
  expect(after.body.environments.production.killed).toEqual(killed);
  expect(after.body.environments.development.killed).toBeUndefined();
  expect(after.headers.etag).not.toBe(before.headers.etag);
  expect((await call('GET', KILLS)).body).toEqual({
    items: [{ flag: 'a', engaged: true, ...killed, by: body.by, at: body.at }],
    nextCursor: null,
  });
  expect((await call('GET', '/audit?limit=1')).body.items).toEqual([
    {
      chain: 'project:default',
      seq: expect.any(Number),
      hash: expect.any(String),
      origin: expect.objectContaining({ address: '127.0.0.1' }),
      id: expect.any(String),
      at: body.at,
      actor: by,
      action: 'flag.killed',
      project: 'default',
      environment: 'production',
      target: { kind: 'flag', key: 'a' },
      before: null,
      after: { epoch: 1, engaged: true, reason: 'errors' },
      requestId: headers['x-request-id'],
    },
  ]);
});

test('killing again and re-arming again answer what is, and change nothing', async () => {
  const server = await startWithFlag();
  const { call } = server;
  const first = await call('POST', `${PRODUCTION}/kill`, { reason: 'first' });
  expect(await call('POST', `${PRODUCTION}/kill`, { reason: 'second' })).toMatchObject({
    status: 200,
    body: first.body,
  });
  const rearmed = await call('POST', `${PRODUCTION}/rearm`, { reason: 'fixed' });
  expect(rearmed).toMatchObject({ status: 200, body: { epoch: 2, engaged: false, reason: 'fixed', stored: true } });
  expect((await call('POST', `${PRODUCTION}/rearm`, { reason: 'again' })).body).toEqual(rearmed.body);
  expect((await call('GET', FLAG)).body.environments.production.killed).toBeUndefined();
  expect((await call('GET', KILLS)).body.items).toEqual([]);
  expect(killsOf(server)).toEqual([{ flag: 'a', epoch: 2, engaged: false }]);
  const { body } = await call('GET', '/audit?project=default&flag=a');
  expect(body.items.map(({ action }: { action: string }) => action)).toEqual([
    'flag.rearmed',
    'flag.killed',
    'flag.created',
  ]);
  expect((await call('POST', `${PRODUCTION}/kill`, { reason: 'third' })).body.epoch).toBe(3);
});

test('a kill outranks what a ruleset brought along', async () => {
  const server = await startWithFlag();
  const { environmentId = '' } = server.app.bunting.rulesets.named('default', 'production') ?? {};
  server.app.bunting.rulesets.applyKill(environmentId, { flag: 'a', epoch: 4, engaged: false });
  expect((await server.call('POST', `${PRODUCTION}/kill`, { reason: 'errors' })).body.epoch).toBe(5);
  expect(killsOf(server)).toEqual([{ flag: 'a', epoch: 5, engaged: true }]);
});

test('the same flag killed ten times at once is killed once, and no answer comes before it is in force', async () => {
  const server = await startWithFlag();
  const answers = await Promise.all(
    Array.from({ length: 10 }, async (_, at) => {
      const { body } = await server.call('POST', `${PRODUCTION}/kill`, { reason: `${at}` });
      expect(killsOf(server)).toEqual([{ flag: 'a', epoch: 1, engaged: true }]);
      return body;
    }),
  );
  expect(new Set(answers.map(({ at, reason }) => `${at} ${reason}`)).size).toBe(1);
  const { body } = await server.call('GET', '/audit?project=default&flag=a&environment=production');
  expect(body.items).toHaveLength(1);
});

test('what cannot be killed or re-armed is refused with the fix', async () => {
  const { call } = await startWithFlag();
  const kill = (path: string, body: unknown = { reason: 'errors' }) => call('POST', `/projects/${path}`, body);
  expect(await kill('nowhere/flags/a/environments/production/kill')).toMatchObject({ status: 404 });
  expect(await kill('default/flags/a/environments/nowhere/kill')).toMatchObject({ status: 404 });
  expect(await kill('default/flags/b/environments/production/kill')).toMatchObject({
    status: 404,
    body: { message: expect.stringContaining('Check the key, or restore the flag first.') },
  });
  expect(await kill('default/flags/a/environments/production/rearm')).toMatchObject({
    status: 409,
    body: { code: 'conflict', message: 'Flag "a" is not killed in production: there is nothing to re-arm.' },
  });
  for (const reason of ['', '  ', 'x'.repeat(501), undefined]) {
    expect(await kill('default/flags/a/environments/production/kill', { reason })).toMatchObject({ status: 400 });
  }
  await call('POST', `${FLAG}/archive`);
  expect(await kill('default/flags/a/environments/production/kill')).toMatchObject({ status: 404 });
});

test('a kill outlasts archiving, restoring and a restart', async () => {
  const server = await startWithFlag();
  const { app, call, dataDir } = server;
  await call('POST', `${PRODUCTION}/kill`, { reason: 'errors' });
  await call('POST', `${FLAG}/archive`);
  await call('POST', `${FLAG}/restore`);
  const { killed } = (await call('GET', FLAG)).body.environments.production;
  expect(killed).toMatchObject({ epoch: 1, reason: 'errors' });
  await app.close();
  const again = await startApp({ dataDir });
  expect(killsOf(again)).toEqual([{ flag: 'a', epoch: 1, engaged: true }]);
  expect((await again.call('GET', FLAG)).body.environments.production.killed).toEqual(killed);
});

test('a flag whose document is malformed can be killed', async () => {
  const server = await startWithFlag();
  const { app, dataDir } = server;
  const { database } = app.bunting;
  await database.updateTable('ruleset_items').set({ json: '{"key":"a"' }).where('key', '=', 'a').execute();
  await app.close();
  const again = await startApp({ dataDir });
  expect(await again.call('POST', `${PRODUCTION}/kill`, { reason: 'broken' })).toMatchObject({
    status: 200,
    body: { engaged: true, stored: true },
  });
});

test('kills are listed in pages, by key', async () => {
  const { call } = await startWithFlag();
  const keys = ['c', 'b', 'a'];
  for (const key of keys) {
    await call('POST', '/projects/default/flags', { key, type: 'boolean' });
    await call('POST', `/projects/default/flags/${key}/environments/production/kill`, { reason: key });
  }
  const first = (await call('GET', `${KILLS}?limit=2`)).body;
  const second = (await call('GET', `${KILLS}?limit=2&cursor=${first.nextCursor}`)).body;
  expect([...first.items, ...second.items].map(({ flag }) => flag)).toEqual(['a', 'b', 'c']);
  expect(second.nextCursor).toBeNull();
});

onSqlite(
  'without a writable database a kill is in force at once, is told as such, and is stored when it can be',
  async () => {
    const server = await startWithFlag();
    const { app, call, dataDir } = server;
    const { database } = app.bunting;
    const readOnly = (value: string) =>
      database.executeQuery({ sql: `pragma query_only = ${value}`, parameters: [] } as never);
    const readiness = async () => (await app.inject('/readyz')).json();
    const metrics = async () => (await app.inject('/metrics')).body;
    await readOnly('on');
    const { status, body } = await call('POST', `${PRODUCTION}/kill`, { reason: 'errors' });
    expect([status, body.engaged, body.stored, body.kept]).toEqual([200, true, false, true]);
    expect(killsOf(server)).toEqual([{ flag: 'a', epoch: 1, engaged: true }]);
    expect((await call('GET', FLAG)).body.environments.production.killed).toMatchObject({ stored: false });
    expect(await readiness()).toMatchObject({ status: 'degraded', unstoredKills: 1 });
    expect(await metrics()).toContain('bunting_kills_unstored 1');
    expect(await call('POST', `${PRODUCTION}/rearm`, { reason: 'x' })).toMatchObject({ status: 503 });
    await readOnly('off');
    await expect.poll(readiness, { timeout: 5_000 }).toMatchObject({ status: 'ready', unstoredKills: 0 });
    expect(await metrics()).toContain('bunting_kills_engaged{project="default",environment="production"} 1');
    expect((await call('GET', '/audit?limit=1')).body.items).toMatchObject([{ action: 'flag.killed', at: body.at }]);
    await app.close();
    expect(killsOf(await startApp({ dataDir }))).toHaveLength(1);
  },
);

test('with the database gone an admin key and a person lately seen can kill; others, and changes, are refused', async () => {
  const server = await startWithFlag();
  const { app } = server;
  await server.call('POST', '/projects/default/flags', { key: 'b', type: 'boolean' });
  const browser = await signedIn(app);
  await browser.call('GET', '/session');
  await app.bunting.database.destroy();
  const kill = (key: string) => `/projects/default/flags/${key}/environments/production/kill`;
  expect(await server.call('POST', kill('a'), { reason: 'errors' })).toMatchObject({ status: 200 });
  expect(await browser.call('POST', kill('b'), { reason: 'errors' })).toMatchObject({
    status: 200,
    body: { by: { kind: 'user', name: OWNER.name }, stored: false },
  });
  expect((await browser.call('GET', KILLS)).body.items).toHaveLength(2);
  expect((await browser.call('GET', '/session')).status).toBe(503);
  const stranger = new Browser(app);
  stranger.cookie = 'bunting_session=unknown';
  expect((await stranger.call('POST', kill('a'), { reason: 'errors' })).status).toBe(503);
  expect((await new Browser(app).call('POST', kill('a'), { reason: 'errors' })).status).toBe(401);
  const wrongKey = { authorization: `${`Bearer ${ADMIN_KEY}`.slice(0, -1)}b` };
  expect((await server.call('POST', kill('a'), { reason: 'errors' }, wrongKey)).status).toBe(401);
});

test('with the database gone a kill reaches sockets, and those that connect after it', async () => {
  const { app, call } = await startWithFlag();
  const url = await listen(app);
  const { secret = '' } = app.bunting.firstKeys.find((key) => key.kind === 'server') ?? {};
  const before = await connect(url, hello(secret));
  const { revision } = await before.next('snapshot');
  await app.bunting.database.destroy();
  const kill = { flag: 'a', epoch: 1, engaged: true };
  await call('POST', '/projects/default/flags/a/environments/development/kill', { reason: 'errors' });
  expect(await before.next('kill')).toMatchObject(kill);
  expect(await (await connect(url, hello(secret))).next('snapshot')).toMatchObject({ kills: [kill] });
  expect(await (await connect(url, hello(secret, { have: revision }))).next('kill')).toMatchObject(kill);
});

test('who signed out is not remembered, and nobody is for long', async () => {
  let nowMs = Date.now();
  const { app, call } = await startApp({ now: () => nowMs });
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const out = await signedIn(app);
  const { cookie } = out;
  await out.call('GET', '/session');
  const stayed = new Browser(app);
  await stayed.call('POST', '/session', { email: OWNER.email, password: OWNER.password });
  await stayed.call('GET', '/session');
  await out.call('DELETE', '/session');
  await app.bunting.database.destroy();
  out.cookie = cookie;
  expect((await out.call('POST', `${PRODUCTION}/kill`, { reason: 'errors' })).status).toBe(503);
  expect((await stayed.call('POST', `${PRODUCTION}/kill`, { reason: 'errors' })).status).toBe(200);
  nowMs += 15 * 60 * 1000 + 1;
  expect((await stayed.call('POST', `${PRODUCTION}/kill`, { reason: 'errors' })).status).toBe(503);
});

test('a hundred kills at once are all in force, stored and told once', async () => {
  const { app, call } = await startApp();
  const keys = Array.from({ length: 100 }, (_, at) => `flag-${at}`);
  for (const key of keys) await call('POST', '/projects/default/flags', { key, type: 'boolean' });
  const answers = await Promise.all(
    keys.map((key) => call('POST', `/projects/default/flags/${key}/environments/production/kill`, { reason: 'all' })),
  );
  expect(answers.filter(({ status, body }) => status === 200 && body.engaged && body.stored)).toHaveLength(100);
  expect(app.bunting.rulesets.named('default', 'production')?.kills).toHaveLength(100);
  const { body } = await call('GET', '/audit?limit=200&environment=production');
  expect(body.items.filter(({ action }: { action: string }) => action === 'flag.killed')).toHaveLength(100);
});

onSqlite('closing stores what a failed attempt left', async () => {
  const { app, call, dataDir } = await startWithFlag();
  const { database } = app.bunting;
  const readOnly = (value: string) =>
    database.executeQuery({ sql: `pragma query_only = ${value}`, parameters: [] } as never);
  await readOnly('on');
  expect((await call('POST', `${PRODUCTION}/kill`, { reason: 'errors' })).body.stored).toBe(false);
  await readOnly('off');
  await app.close();
  expect(killsOf(await startApp({ dataDir }))).toHaveLength(1);
});

test('kills of a database that was restored, and counts from where it was then, are read', async () => {
  const server = await startWithFlag();
  const { app, call } = server;
  const { database, kills } = app.bunting;
  await call('POST', `${PRODUCTION}/kill`, { reason: 'errors' });
  await call('POST', `${PRODUCTION}/rearm`, { reason: 'fixed' });
  await kills.catchUp();
  await database.updateTable('counters').set({ number: 1 }).where('name', '=', 'kills').execute();
  await database.updateTable('kills').set({ number: 1, epoch: 3, engaged: 1 }).execute();
  await kills.catchUp();
  expect(killsOf(server)).toEqual([{ flag: 'a', epoch: 3, engaged: true }]);
});

test('a kill that no database has outlives the servers, is told once, and does not undo a later re-arm', async () => {
  const server = await startWithFlag();
  const { app, call, dataDir } = server;
  await app.bunting.database.destroy();
  expect((await call('POST', `${PRODUCTION}/kill`, { reason: 'errors' })).body).toMatchObject({
    stored: false,
    kept: true,
  });
  const journal = join(dataDir, 'journal');
  const [file = ''] = readdirSync(journal);
  const line = readFileSync(join(journal, file));
  await app.close();

  const second = await startApp({ dataDir });
  expect(killsOf(second)).toEqual([{ flag: 'a', epoch: 1, engaged: true }]);
  await expect.poll(() => readdirSync(journal)).toEqual([]);
  expect((await second.call('GET', FLAG)).body.environments.production.killed).toMatchObject({
    reason: 'errors',
    stored: true,
  });
  await second.call('POST', `${PRODUCTION}/rearm`, { reason: 'fixed' });
  await second.app.close();

  // The disk has it still, as after a power cut, or another server comes back late.
  writeFileSync(join(journal, file), line);
  const third = await startApp({ dataDir });
  expect(killsOf(third)).toEqual([{ flag: 'a', epoch: 2, engaged: false }]);
  await expect.poll(() => readdirSync(journal)).toEqual([]);
  const { body } = await third.call('GET', '/audit?project=default&flag=a&environment=production');
  expect(body.items.map(({ action }: { action: string }) => action)).toEqual(['flag.rearmed', 'flag.killed']);
});

test('a disk that hangs holds up no kill', async () => {
  const server = await startWithFlag();
  const { journal } = server.app.bunting;
  journal.keep = () => new Promise(() => {});
  const answering = server.call('POST', `${PRODUCTION}/kill`, { reason: 'errors' });
  await expect.poll(() => killsOf(server), { interval: 5 }).toEqual([{ flag: 'a', epoch: 1, engaged: true }]);
  // It outlives the servers, for it is stored.
  expect((await answering).body).toMatchObject({ engaged: true, stored: true, kept: true });
  await server.app.bunting.database.destroy();
  await server.call('POST', '/projects/default/flags/a/environments/development/kill', { reason: 'errors' });
  expect(killsOf(server, 'development')).toHaveLength(1);
});

test('a kill of an environment that is not known yet waits on the disk', async () => {
  const dataDir = newFolder();
  const actor = { kind: 'system' as const, id: 'system', name: 'Bunting' };
  const record = { environmentId: 'elsewhere', flag: 'a', epoch: 1, engaged: true, eventId: 'x', atMs: 1, actor };
  const journal = await Journal.open(join(dataDir, 'journal'), Fastify().log);
  await journal.keep('kill', 'x', { ...record, requestId: null, reason: 'errors' });
  const { app } = await startApp({ dataDir });
  await app.bunting.kills.catchUp();
  expect(app.bunting.kills.unstored).toBe(0);
  expect(app.bunting.journal.entries('kill')).toHaveLength(1);
});

test('where the disk cannot be written a kill is in force all the same, and says that it is not kept', async () => {
  const dataDir = newFolder();
  writeFileSync(join(dataDir, 'journal'), 'a file where the folder should be');
  const server = await startApp({ dataDir });
  const { app, call } = server;
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  await app.bunting.database.destroy();
  const { status, body } = await call('POST', `${PRODUCTION}/kill`, { reason: 'errors' });
  expect([status, body]).toMatchObject([200, { engaged: true, stored: false, kept: false }]);
  expect(killsOf(server)).toEqual([{ flag: 'a', epoch: 1, engaged: true }]);
  expect((await app.inject('/metrics')).body).toContain('bunting_journal_working 0');
  expect(server.logs.join('')).toContain('the journal cannot be written');
});

test('with the database gone a token can kill by what its holder was granted, and nothing else', async () => {
  const server = await startWithFlag();
  const { app, call } = server;
  const { body: account } = await call('POST', '/service-accounts', { name: 'Alerts' });
  const { body } = await call('POST', `/service-accounts/${account.id}/tokens`, { name: 'pager', expiresInDays: null });
  const subject = { kind: 'service-account', id: account.id };
  await call('POST', '/grants', { subject, role: 'editor', project: 'default', environment: 'production' });
  await app.bunting.database.destroy();
  const as = { authorization: `Bearer ${body.secret}` };
  const killIn = (environment: string) =>
    call('POST', `${FLAG}/environments/${environment}/kill`, { reason: 'errors' }, as);
  expect(await killIn('production')).toMatchObject({ status: 200, body: { engaged: true, kept: true } });
  expect((await killIn('development')).status).toBe(403);
});
