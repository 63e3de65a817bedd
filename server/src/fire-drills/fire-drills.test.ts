import { expect, test } from 'vitest';
import { startApp, type TestServer, type TestServerOptions } from '../testing/start-app.ts';
import { connect, hello, listen, type StreamClient } from '../testing/stream-client.ts';
import { onSqlite } from '../testing/test-database.ts';
import { nextDueMs } from './fire-drill.ts';

const DRILL = '/projects/default/environments/production/fire-drill';
const KILLS = '/projects/default/environments/production/kills';
const HOUR_MS = 3_600_000;

async function start(options?: TestServerOptions) {
  const server = await startApp(options);
  const url = await listen(server.app);
  const runs = async () => (await server.call('GET', `${DRILL}/runs`)).body.items;
  return { ...server, url, runs };
}

/** An instance that obeys kills, as SDKs do. */
async function join(server: TestServer, url: string): Promise<StreamClient> {
  const { firstKeys } = server.app.bunting;
  const key = firstKeys.find(({ kind, environment }) => kind === 'server' && environment === 'production');
  const client = await connect(url, hello(key?.secret ?? ''));
  const { revision } = await client.next('snapshot');
  client.send({ type: 'receipt', revision, broken: { count: 0, keys: [] } });
  return client;
}

async function obey(client: StreamClient): Promise<void> {
  const { flag, epoch, engaged } = await client.next('kill');
  client.send({ type: 'kill-receipt', flag, epoch, engaged });
}

async function drillEvents({ call }: TestServer) {
  const { items } = (await call('GET', '/audit?project=default&environment=production&limit=100')).body;
  return items.filter(({ action }: { action: string }) => action.startsWith('fire-drill.'));
}

test('a drill goes the way of an alert to the last instance, is timed, told, and re-arms its flag', async () => {
  const server = await start();
  const { call, runs } = server;
  expect((await call('GET', DRILL)).status).toBe(404);
  expect((await call('POST', `${DRILL}/runs`)).status).toBe(404);
  const { status, body } = await call('PUT', DRILL, { everyHours: null, limitMs: 60_000 });
  expect([status, body]).toEqual([
    200,
    { everyHours: null, limitMs: 60_000, window: null, nextAt: null, updatedAt: expect.any(String) },
  ]);
  const client = await join(server, server.url);
  const answer = await call('POST', `${DRILL}/runs`);
  expect(answer).toMatchObject({ status: 202, body: { outcome: 'running', by: { kind: 'key' }, epoch: null } });
  expect((await call('POST', `${DRILL}/runs`)).status).toBe(409);
  await obey(client);
  await expect.poll(runs, { timeout: 9_000 }).toMatchObject([{ id: answer.body.id, outcome: 'passed' }]);
  const [run] = await runs();
  expect(run).toMatchObject({ epoch: 1, instances: 1, confirmed: 1, sentToLastMs: expect.any(Number) });
  expect(run.reason).toBe(`All 1 instances obeyed, the last ${run.sentToLastMs} ms after the alert was sent.`);
  // By the way of any other alert: signal, binding, intervention, kill.
  const { body: timeline } = await call('GET', `${KILLS}/bunting-fire-drill/timelines/1`);
  expect(timeline).toMatchObject({
    by: { kind: 'signal' },
    cause: { kind: 'signal', summary: expect.stringContaining('Fire drill') },
  });
  expect((await call('GET', KILLS)).body.items).toEqual([]);
  expect((await drillEvents(server)).map(({ action }: { action: string }) => action)).toEqual([
    'fire-drill.passed',
    'fire-drill.updated',
  ]);
  const metrics = (await server.app.inject('/metrics')).body;
  expect(metrics).toContain('bunting_fire_drills_total{project="default",environment="production",outcome="passed"} 1');

  // Once more, with what is there already.
  await call('POST', `${DRILL}/runs`);
  await obey(client);
  await obey(client);
  await expect.poll(async () => (await runs())[0], { timeout: 9_000 }).toMatchObject({ outcome: 'passed', epoch: 3 });
}, 30_000);

test('of two who begin a drill at once one does', async () => {
  const { call, runs } = await start();
  await call('PUT', DRILL, { everyHours: null, limitMs: 60_000 });
  const answers = await Promise.all([1, 2, 3].map(() => call('POST', `${DRILL}/runs`)));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
  expect(await runs()).toHaveLength(1);
});

test('a drill that is slower than its limit, or does not get through, is an alarm', async () => {
  const server = await start();
  const { call, runs } = server;
  await call('PUT', DRILL, { everyHours: null, limitMs: 1 });
  const client = await join(server, server.url);
  await call('POST', `${DRILL}/runs`);
  await obey(client);
  await expect
    .poll(runs, { timeout: 9_000 })
    .toMatchObject([{ outcome: 'slow', reason: expect.stringContaining('more than 1 ms') }]);

  // Someone takes the binding's teeth out.
  const { body } = await call('GET', '/projects/default/bindings');
  await call('PATCH', `/projects/default/bindings/${body.items[0].key}`, { mode: 'dry_run' });
  await call('POST', `${DRILL}/runs`);
  await expect
    .poll(async () => (await runs())[0], { timeout: 9_000 })
    .toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('did not kill the flag'),
    });

  await call('DELETE', DRILL);
  await call('PUT', DRILL, { everyHours: null, limitMs: 60_000 });
  server.app.bunting.fireDrills.listenAt('http://127.0.0.1:9');
  await call('POST', `${DRILL}/runs`);
  await expect
    .poll(async () => (await runs())[0], { timeout: 9_000 })
    .toMatchObject({ outcome: 'failed', reason: expect.stringContaining('set BUNTING_INTERNAL_URL') });
  expect((await drillEvents(server)).map(({ action }: { action: string }) => action)).toEqual([
    'fire-drill.failed',
    'fire-drill.updated',
    'fire-drill.deleted',
    'fire-drill.failed',
    'fire-drill.slow',
    'fire-drill.updated',
  ]);
  expect(server.logs.join('')).toContain('a fire drill has ended');
}, 30_000);

test('a drill whose server ended leaves nothing killed for long: the next one begins with it', async () => {
  const server = await start();
  const { app, call, runs } = server;
  await call('PUT', DRILL, { everyHours: null, limitMs: 60_000 });
  await call('POST', '/projects/default/flags/bunting-fire-drill/environments/production/kill', {
    reason: 'left over',
  });
  const { environmentId = '' } = app.bunting.rulesets.named('default', 'production') ?? {};
  const started = { environment_id: environmentId, started_at: Date.now() - HOUR_MS, started_by: '{"kind":"system"}' };
  const by = JSON.stringify({ kind: 'system', id: 'system', name: 'Bunting' });
  await app.bunting.database
    .insertInto('fire_drill_runs')
    .values({ ...started, id: '0', started_by: by, outcome: 'running', result: null })
    .execute();
  await call('POST', `${DRILL}/runs`);
  await expect.poll(runs, { timeout: 9_000 }).toMatchObject([
    { outcome: 'passed', epoch: 3, sentToLastMs: null },
    { outcome: 'failed', reason: 'The server that held it ended before it was over.' },
  ]);
  expect((await call('GET', KILLS)).body.items).toEqual([]);
}, 30_000);

onSqlite(
  'drills are held when they are due, once, and removed with what they need',
  async () => {
    let nowMs = Date.now();
    const server = await start({ now: () => nowMs });
    const { app, call, runs } = server;
    await call('PUT', DRILL, { everyHours: 24, limitMs: 60_000 });
    await app.bunting.fireDrills.look();
    expect(await runs()).toEqual([]);
    expect((await app.inject('/metrics')).body).toContain('environment="production",outcome="failed"} 0');
    nowMs += 24 * HOUR_MS;
    await Promise.all([app.bunting.fireDrills.look(), app.bunting.fireDrills.look()]);
    await expect.poll(runs, { timeout: 9_000 }).toMatchObject([{ outcome: 'passed', by: { kind: 'system' } }]);
    expect((await call('GET', DRILL)).body.nextAt).toBe(new Date(nowMs + 24 * HOUR_MS).toISOString());

    expect((await call('DELETE', DRILL)).status).toBe(204);
    expect((await call('DELETE', DRILL)).status).toBe(204);
    expect((await call('GET', '/projects/default/bindings')).body.items).toEqual([]);
    expect((await call('GET', '/signal-sources')).body.items).toEqual([]);
  },
  30_000,
);

test('a time outside of the window is put off until it begins', () => {
  const window = { weekdays: ['tuesday' as const], from: '10:00', to: '16:00', timeZone: 'Europe/Berlin' };
  const settings = { everyHours: 24, limitMs: 1_000, window };
  const at = (text: string) => Date.parse(text);
  expect(nextDueMs(settings, at('2026-11-22T12:00Z'))).toBe(at('2026-11-24T09:00Z'));
  expect(nextDueMs(settings, at('2026-11-23T12:00Z'))).toBe(at('2026-11-24T12:00Z'));
  expect(nextDueMs({ ...settings, everyHours: null }, 0)).toBeNull();
});

test('what cannot be a drill is refused with the fix', async () => {
  const { call } = await start();
  const window = { weekdays: ['monday'], from: '10:00', to: '16:00', timeZone: 'Europe/Nowhere' };
  for (const wrong of [{ everyHours: 0 }, { limitMs: 0 }, { window }, { window: { ...window, to: '10:00' } }]) {
    const { status } = await call('PUT', DRILL, { everyHours: 24, limitMs: 1_000, ...wrong });
    expect(status).toBe(400);
  }
  expect((await call('PUT', DRILL.replace('production', 'nowhere'), { everyHours: 1, limitMs: 1 })).status).toBe(404);
});
