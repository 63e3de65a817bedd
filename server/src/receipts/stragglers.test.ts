import { expect, onTestFinished, test, vi } from 'vitest';
import { readEvents } from '../testing/read-events.ts';
import { ADMIN_KEY, startApp } from '../testing/start-app.ts';
import { connect, hello, listen, type StreamClient } from '../testing/stream-client.ts';
import { engine } from '../testing/test-database.ts';

const ENVIRONMENT = '/projects/default/environments/production';
const TARGETING = '/projects/default/flags/a/environments/production';
const NONE_BROKEN = { count: 0, keys: [] };
/** One that is alone has no name among servers. */
const OWN_SERVER = engine === 'sqlite' ? null : expect.stringMatching(/^http:/);

/** Three instances that run the newest revision: a of web 1.0 on h1, b of web 2.0 on h2, c of jobs. */
async function start({ behindAfterMs = 100 } = {}) {
  const server = await startApp({ receiptLimits: { behindAfterMs, sweepMs: 20 } });
  const url = await listen(server.app);
  const key = server.app.bunting.firstKeys.find(
    ({ kind, environment }) => kind === 'server' && environment === 'production',
  );
  await server.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const join = async (id: string, app: string, version: string, host: string) => {
    const client = await connect(
      url,
      hello(key?.secret ?? '', {
        instance: { id, app, host },
        deploy: { version },
        sdk: { name: 'test', version: '1' },
      }),
    );
    const { revision } = await client.next('snapshot');
    client.send({ type: 'receipt', revision, broken: NONE_BROKEN });
    return client;
  };
  const clients = [
    await join('a', 'web', '1.0', 'h1'),
    await join('b', 'web', '2.0', 'h2'),
    await join('c', 'jobs', '1.0', 'h3'),
  ] as [StreamClient, StreamClient, StreamClient];
  const receiptsOf = async (query: string) => (await server.call('GET', `${ENVIRONMENT}/receipts${query}`)).body;
  const receipts = () => receiptsOf('');
  const ids = async (path: string) =>
    (await server.call('GET', `${ENVIRONMENT}${path}`)).body.items.map(({ id }: { id: string }) => id);
  await expect.poll(receipts).toMatchObject({ confirmed: 3 });
  const change = async (enabled: boolean) => (await server.call('PATCH', TARGETING, { enabled })).body.revision;
  return { ...server, url, clients, receipts, receiptsOf, ids, change };
}

/** Lets the monotonic clock jump, so that however slow the machine is, only who has not answered by now is late. */
function passTime(ms: number): void {
  const now = performance.now.bind(performance);
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
  onTestFinished(() => clock.mockRestore());
}

test('stragglers are listed by name, who has lacked a revision longest first, in pages', async () => {
  const { call, clients, ids, change } = await start();
  const [a, b, c] = clients;
  const first = await change(true);
  b.send({ type: 'receipt', revision: first, broken: NONE_BROKEN });
  await expect.poll(() => ids('/receipts/stragglers')).toEqual(['a', 'c']);
  const second = await change(false);
  a.send({ type: 'heartbeat', dataAgeMs: 1_500 });
  await expect.poll(() => ids('/receipts/stragglers')).toEqual(['a', 'c', 'b']);
  const page = async (query: string) => (await call('GET', `${ENVIRONMENT}/receipts/stragglers?${query}`)).body;
  await expect.poll(async () => (await page('limit=1')).items[0]).toMatchObject({ id: 'a', dataAgeMs: 1_500 });
  const one = await page('limit=2');
  const two = await page(`limit=2&cursor=${one.nextCursor}`);
  expect([...one.items, ...two.items].map(({ id }) => id)).toEqual(['a', 'c', 'b']);
  expect(two.nextCursor).toBeNull();
  expect(one.items[0]).toMatchObject({
    id: 'a',
    app: 'web',
    host: 'h1',
    sdk: { name: 'test', version: '1' },
    deploy: { version: '1.0' },
    relay: null,
    state: 'pending',
    revision: { number: first.number - 1 },
    behindMs: expect.any(Number),
    dataAgeMs: 1_500,
  });
  c.socket.terminate();
  await expect.poll(() => page('app=jobs')).toMatchObject({ items: [{ id: 'c', state: 'unknown' }] });
  for (const client of [a, b]) client.send({ type: 'receipt', revision: second, broken: NONE_BROKEN });
  await expect.poll(() => ids('/receipts/stragglers')).toEqual(['c']);
});

test('instances are found by app, by text, and by whether they lack the newest revision', async () => {
  const { call, clients, ids, change } = await start();
  const keys = (await call('GET', `${ENVIRONMENT}/keys`)).body.items as { id: string; kind: string }[];
  const key = keys.find(({ kind }) => kind === 'server');
  expect(await ids(`/instances?key=${key?.id}`)).toEqual(['a', 'b', 'c']);
  expect(await ids('/instances?key=another')).toEqual([]);
  const kind = { sdk: { name: 'test', version: '1' }, key: key?.id, relay: null, server: OWN_SERVER, confirmed: 1 };
  expect((await call('GET', `${ENVIRONMENT}/instances/counts`)).body).toMatchObject({
    groups: expect.arrayContaining([expect.objectContaining({ ...kind, app: 'jobs', version: '1.0' })]),
    ...{ leftOut: 0, incomplete: [] },
  });
  expect(await ids('/instances?app=web')).toEqual(['a', 'b']);
  expect(await ids('/instances?search=2.0')).toEqual(['b']);
  expect(await ids('/instances?search=H3')).toEqual(['c']);
  expect(await ids('/instances?version=1.0&app=web')).toEqual(['a']);
  expect(await ids('/instances?sdk=test')).toEqual(['a', 'b', 'c']);
  expect(await ids('/instances?sdk=test%201')).toEqual(['a', 'b', 'c']);
  expect(await ids('/instances?sdk=test%202')).toEqual([]);
  expect(await ids(`/instances?sdk=${'a'.repeat(200)}%20${'1'.repeat(200)}`)).toEqual([]);
  expect(await ids('/instances?relay=')).toEqual(['a', 'b', 'c']);
  expect(await ids('/instances?relay=edge')).toEqual([]);
  const revision = await change(true);
  clients[0].send({ type: 'receipt', revision, broken: NONE_BROKEN });
  await expect.poll(() => ids('/instances?behind=false')).toEqual(['a']);
  expect(await ids('/instances?behind=true&app=web')).toEqual(['b']);
});

test('recent revisions can be asked about; others are not found', async () => {
  const { call, clients, receiptsOf, change } = await start();
  const [first, second] = [await change(true), await change(false)];
  clients[0].send({ type: 'receipt', revision: second, broken: NONE_BROKEN });
  clients[1].send({ type: 'receipt', revision: first, broken: NONE_BROKEN });
  const expected = { revision: first, instances: 3, confirmed: 2, pending: 1, lastMs: expect.any(Number) };
  await expect.poll(() => receiptsOf(`?revision=${first.number}`)).toMatchObject(expected);
  expect(await receiptsOf(`?revision=${second.number}`)).toMatchObject({ confirmed: 1, pending: 2 });
  const { status, body } = await call('GET', `${ENVIRONMENT}/receipts?revision=9999`);
  expect([status, body.error?.message ?? body.message]).toEqual([404, expect.stringContaining('last 64 revisions')]);
});

test('a kill is counted and timed like a change, and who connects later has it with its first receipt', async () => {
  const { call, url, app, clients } = await start();
  const kill = async () => (await call('GET', `${ENVIRONMENT}/kills/a/receipts`)).body;
  expect((await call('GET', `${ENVIRONMENT}/kills/a/receipts`)).status).toBe(404);
  const { body } = await call('POST', '/projects/default/flags/a/environments/production/kill', { reason: 'errors' });
  const { flag, epoch, engaged } = body;
  const counted = { flag, epoch, engaged, instances: 3, confirmed: 0, pending: 3, lastMs: null, incomplete: [] };
  expect(await kill()).toMatchObject(counted);
  for (const client of clients) client.send({ type: 'kill-receipt', flag, epoch, engaged });
  await expect.poll(kill).toMatchObject({ confirmed: 3, pending: 0, p99Ms: expect.any(Number) });
  const { lastMs } = await kill();
  expect(lastMs).toBeGreaterThanOrEqual(0);
  const key = app.bunting.firstKeys.find(({ kind, environment }) => kind === 'server' && environment === 'production');
  const late = await connect(url, hello(key?.secret ?? '', { instance: { id: 'late' } }));
  const { revision } = await late.next('snapshot');
  await expect.poll(kill).toMatchObject({ instances: 4, confirmed: 3 });
  late.send({ type: 'receipt', revision, broken: NONE_BROKEN });
  await expect.poll(kill).toMatchObject({ instances: 4, confirmed: 4, lastMs });
  const text = (await app.inject('/metrics')).body;
  expect(text).toContain('bunting_kill_receipt_seconds_count{project="default",environment="production"} 3');
});

test('who stays behind is counted, logged by name once, and logged again when all have caught up', async () => {
  const { app, logs, clients, receipts, change } = await start({ behindAfterMs: 20_000 });
  const [a, b, c] = clients;
  const revision = await change(true);
  for (const client of [a, b]) client.send({ type: 'receipt', revision, broken: NONE_BROKEN });
  await expect.poll(receipts).toMatchObject({ confirmed: 2, pending: 1, behind: 0 });
  passTime(20_000);
  await expect.poll(receipts).toMatchObject({ pending: 1, behind: 1 });
  const metrics = async () => (await app.inject('/metrics')).body;
  expect(await metrics()).toContain('bunting_instances_behind{project="default",environment="production"} 1');
  expect(await metrics()).toContain(
    'bunting_instances{project="default",environment="production",state="confirmed"} 2',
  );
  expect(await metrics()).toContain('bunting_instances{project="default",environment="production",state="pending"} 1');
  a.send({ type: 'heartbeat', dataAgeMs: 2_500 });
  await expect
    .poll(metrics)
    .toContain('bunting_instance_data_age_seconds{project="default",environment="production"} 2.5');
  c.send({ type: 'receipt', revision, broken: NONE_BROKEN });
  await expect.poll(receipts).toMatchObject({ pending: 0, behind: 0 });
  const said = logs.filter((line) => line.includes('behind'));
  expect(said).toHaveLength(2);
  expect(said[0]).toContain('"instances":[{"id":"c","app":"jobs","host":"h3","version":"1.0"}]');
  expect(said[1]).toContain('no connected instance is behind any more');
});

test('the stream tells of kills, and of who falls behind and catches up, each time anew', async () => {
  const { url, call, clients, change } = await start();
  const [a, b, c] = clients;
  const path = url.replace('ws:', 'http:').replace('/stream', '/api/v1/projects/default/receipts/stream');
  const { events, latest } = readEvents(path, { authorization: `Bearer ${ADMIN_KEY}` });
  const names = () => events.map(({ event }) => event).filter((event) => event !== 'receipts');
  await expect.poll(() => latest('receipts', 'production')).toMatchObject({ confirmed: 3 });
  expect(names()).toEqual([]);

  for (const enabled of [true, false]) {
    const revision = await change(enabled);
    for (const client of [a, b]) client.send({ type: 'receipt', revision, broken: NONE_BROKEN });
    await expect.poll(() => names().at(-1)).toBe('behind');
    const instances = [{ id: 'c', app: 'jobs', host: 'h3', version: '1.0' }];
    expect(latest('behind', 'production')).toEqual({ environment: 'production', behind: 1, instances });
    c.send({ type: 'receipt', revision, broken: NONE_BROKEN });
    await expect.poll(() => names().at(-1)).toBe('caught-up');
    expect(latest('caught-up', 'production')).toEqual({ environment: 'production', unknown: 0 });
  }
  expect(names()).toEqual(['behind', 'caught-up', 'behind', 'caught-up']);

  await call('POST', '/projects/default/flags/a/environments/production/kill', { reason: 'errors' });
  await expect.poll(() => latest('kill', 'production')).toMatchObject({ flag: 'a', engaged: true, confirmed: 0 });
  for (const client of clients) client.send({ type: 'kill-receipt', flag: 'a', epoch: 1, engaged: true });
  await expect.poll(() => latest('kill', 'production')).toMatchObject({ flag: 'a', confirmed: 3, instances: 3 });
});
