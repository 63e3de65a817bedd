import { expect, test } from 'vitest';
import { SYSTEM } from '../audit/actor.ts';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { connect, hello, listen, type StreamClient } from '../testing/stream-client.ts';
import { engine, onSqlite } from '../testing/test-database.ts';

const ENVIRONMENT = '/projects/default/environments/production';
const PRODUCTION = '/projects/default/flags/a/environments/production';
const PLACE = { project: 'default', environment: 'production', flag: 'a' };
const KILL = { flag: 'a', epoch: 1, engaged: true };

async function start() {
  const server = await startApp();
  await server.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const url = await listen(server.app);
  const join = (id: string) => joinAs(id, url, server);
  return { ...server, join, timeline: timelineOf(server) };
}

/** An instance that has the current revision. */
async function joinAs(id: string, url: string, ...servers: TestServer[]): Promise<StreamClient> {
  const keys = servers.flatMap(({ app }) => app.bunting.firstKeys);
  const key = keys.find(({ kind, environment }) => kind === 'server' && environment === 'production')?.secret ?? '';
  const client = await connect(url, hello(key, { instance: { id, app: 'shop' }, deploy: { version: '7' } }));
  const { revision } = await client.next('snapshot');
  client.send({ type: 'receipt', revision, broken: { count: 0, keys: [] } });
  return client;
}

async function obey(client: StreamClient): Promise<void> {
  await client.next('kill');
  client.send({ type: 'kill-receipt', ...KILL });
}

const timelineOf =
  ({ call }: TestServer, epoch = 1) =>
  async () =>
    (await call('GET', `${ENVIRONMENT}/kills/a/timelines/${epoch}`)).body;

async function eventsOf({ call }: TestServer) {
  const { body } = await call('GET', '/audit?project=default&flag=a&environment=production');
  return body.items.filter(({ action }: { action: string }) => action.startsWith('flag.kill.'));
}

test('tells how long a kill took, from what made it to the last receipt, and that it is everywhere', async () => {
  const server = await start();
  const clients = [await server.join('x'), await server.join('y')];
  const nowMs = Date.now();
  const cause = {
    ...{ kind: 'signal', id: 'b1', name: 'Checkout errors', summary: 'errors at 12 %', episode: 'e1' },
    ...{ firstBadAtMs: nowMs - 3_000, detectedAtMs: nowMs - 1_000, receivedAtMs: nowMs - 10 },
  };
  const killing = server.app.bunting.kills.engage(SYSTEM, PLACE, 'errors', cause);
  await Promise.all(clients.map(obey));
  await killing;
  await expect.poll(server.timeline).toMatchObject({ complete: true });
  const timeline = await server.timeline();
  expect(timeline).toMatchObject({
    flag: 'a',
    epoch: 1,
    by: { kind: 'system' },
    reason: 'errors',
    cause: { kind: 'signal', id: 'b1', episode: 'e1', summary: 'errors at 12 %', link: null },
    receipts: { instances: 2, confirmed: 2, pending: 0, stragglers: [], incomplete: [] },
  });
  const { firstBadAt, detectedAt, receivedAt, engagedAt, journalledAt, pushedAt, committedAt } = timeline;
  // Of a disk that is slow under load nothing is said here.
  const steps = [firstBadAt, detectedAt, receivedAt, engagedAt, journalledAt ?? engagedAt, pushedAt];
  expect(steps).toEqual(steps.toSorted());
  expect(pushedAt <= committedAt).toBe(true);
  const { p50Ms, p99Ms, lastMs } = timeline.receipts;
  expect([p50Ms, p99Ms]).toEqual([p50Ms, p99Ms].toSorted((a, b) => a - b));
  expect(timeline.receivedToLastMs).toBeCloseTo(Date.parse(pushedAt) - Date.parse(receivedAt) + lastMs, 0);
  expect(timeline.firstBadToLastMs).toBeCloseTo(timeline.receivedToLastMs + 2_990, 0);

  await expect.poll(() => eventsOf(server)).toHaveLength(1);
  const [event] = await eventsOf(server);
  expect(event).toMatchObject({
    action: 'flag.kill.confirmed',
    after: { epoch: 1, instances: 2, confirmed: 2, lastMs },
  });
  expect(event.after.reach).toBe(`On 2 of 2 instances, the last after ${lastMs} ms`);
  expect((await server.call('GET', `${ENVIRONMENT}/kill-timelines`)).body.items).toEqual([timeline]);
  const [killed] = (await server.call('GET', '/audit?limit=2')).body.items.slice(1);
  expect(killed).toMatchObject({ action: 'flag.killed', after: { cause: { id: 'b1', summary: 'errors at 12 %' } } });
});

test('names who does not obey, and ends when the flag is re-armed', async () => {
  const server = await start();
  const [x] = [await server.join('x'), await server.join('y')];
  await server.call('POST', `${PRODUCTION}/kill`, { reason: 'errors' });
  await obey(x);
  const reached = { instances: 2, confirmed: 1, pending: 1 };
  const stragglers = [{ id: 'y', app: 'shop', host: null, version: '7' }];
  await expect
    .poll(server.timeline)
    .toMatchObject({ complete: false, receipts: { ...reached, stragglers }, cause: null });
  await server.call('POST', `${PRODUCTION}/rearm`, { reason: 'fixed' });
  await expect.poll(server.timeline).toMatchObject({ complete: true, receipts: { ...reached, stragglers } });
  await expect.poll(() => eventsOf(server)).toMatchObject([{ action: 'flag.kill.unconfirmed', after: { stragglers } }]);
});

test('where nobody is connected a kill is over at once, and nothing is told', async () => {
  const server = await start();
  await server.call('POST', `${PRODUCTION}/kill`, { reason: 'errors' });
  await expect
    .poll(server.timeline)
    .toMatchObject({ complete: true, receipts: { instances: 0 }, receivedToLastMs: null });
  expect(await eventsOf(server)).toEqual([]);
});

test('past kills are listed newest first, in pages, of one flag or all; what is not there is not found', async () => {
  const server = await start();
  const { call } = server;
  await call('POST', '/projects/default/flags', { key: 'b', type: 'boolean' });
  for (const reason of ['1', '3']) {
    await call('POST', `${PRODUCTION}/kill`, { reason });
    await call('POST', `${PRODUCTION}/rearm`, { reason: 'fixed' });
  }
  await call('POST', '/projects/default/flags/b/environments/production/kill', { reason: 'b' });
  const list = async (query: string) => (await call('GET', `${ENVIRONMENT}/kill-timelines?${query}`)).body;
  const first = await list('limit=2');
  const second = await list(`limit=2&cursor=${first.nextCursor}`);
  const all = [...first.items, ...second.items];
  expect(all.map(({ flag, reason }) => `${flag}${reason}`)).toEqual(['bb', 'a3', 'a1']);
  expect((await list('flag=a')).items).toHaveLength(2);
  for (const path of ['kills/a/timelines/2', 'kills/c/timelines/1']) {
    expect((await call('GET', `${ENVIRONMENT}/${path}`)).status).toBe(404);
  }
  expect((await call('GET', '/projects/default/environments/nowhere/kill-timelines')).status).toBe(404);
});

onSqlite('a kill that is not stored yet tells how far it is, and is told when it is stored', async () => {
  const server = await start();
  const { database } = server.app.bunting;
  const readOnly = (value: string) =>
    database.executeQuery({ sql: `pragma query_only = ${value}`, parameters: [] } as never);
  const client = await server.join('x');
  await readOnly('on');
  await server.call('POST', `${PRODUCTION}/kill`, { reason: 'errors' });
  await obey(client);
  await expect.poll(server.timeline).toMatchObject({ complete: true, committedAt: null, receipts: { confirmed: 1 } });
  await readOnly('off');
  await expect.poll(() => eventsOf(server), { timeout: 8_000 }).toHaveLength(1);
  expect(await server.timeline()).toMatchObject({ complete: true, committedAt: expect.any(String) });
});

test('what a source says of times and texts is cut to what can be kept', async () => {
  const server = await start();
  const long = 'x'.repeat(5_000);
  const cause = {
    kind: 'signal',
    id: long,
    name: long,
    summary: long,
    link: `https://a/${long}`,
    firstBadAtMs: Number.NaN,
  };
  await server.app.bunting.kills.engage(SYSTEM, PLACE, 'errors', { ...cause, detectedAtMs: 1.5, receivedAtMs: -3 });
  const { body } = await server.call('GET', `${ENVIRONMENT}/kills/a/timelines/1`);
  expect(body).toMatchObject({ firstBadAt: null, detectedAt: '1970-01-01T00:00:00.002Z', cause: { link: null } });
  expect(body.cause.summary).toHaveLength(1_000);
});

if (engine === 'postgres') {
  test('counts the instances of all servers', async () => {
    const dataDir = newFolder();
    const [a, b] = [await startApp({ dataDir }), await startApp({ dataDir })];
    await a.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
    const urls = [await listen(a.app), await listen(b.app)] as const;
    for (const { app } of [a, b]) {
      const peers = async () => {
        await app.bunting.cluster.renew();
        return app.bunting.cluster.peers().length;
      };
      await expect.poll(peers).toBe(1);
      await expect.poll(() => app.bunting.rulesets.named('default', 'production')?.item('flag', 'a')).toBeDefined();
    }
    const clients = [await joinAs('x', urls[0], a, b), await joinAs('y', urls[1], a, b)];
    await a.call('POST', `${PRODUCTION}/kill`, { reason: 'errors' });
    await Promise.all(clients.map(obey));
    const whole = { complete: true, receipts: { instances: 2, confirmed: 2, lastMs: expect.any(Number) } };
    for (const server of [a, b]) await expect.poll(timelineOf(server), { timeout: 5_000 }).toMatchObject(whole);
    expect(await eventsOf(b)).toHaveLength(1);
  });
}
