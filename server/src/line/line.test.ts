import { expect, test } from 'vitest';
import { startPerson } from '../testing/people.ts';
import { newFolder, startApp } from '../testing/start-app.ts';
import { engine } from '../testing/test-database.ts';

const FLAGS = '/projects/default/flags';
const SCHEDULES = '/projects/default/schedules';
const STOP = '/projects/default/stop-the-line';
const RESUME = '/projects/default/resume-the-line';
const T0 = Date.parse('2026-05-04T00:00:00Z');
const HOUR_MS = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

const on = (percent: number) => [
  { variant: 'on', weightPer100k: percent * 1000 },
  { variant: 'off', weightPer100k: 100_000 - percent * 1000 },
];
const growing = (hours: number) => [
  { kind: 'setRollout', weights: on(10) },
  { kind: 'setSchedule', steps: [{ atMs: T0 + hours * HOUR_MS, weights: on(100) }] },
];

/** A server whose clock goes as it is told, with flags a and b that are to be on for all in an hour in both environments. */
async function start() {
  const clock = { nowMs: T0 };
  const dataDir = newFolder();
  const server = await startApp({ now: () => clock.nowMs, dataDir });
  const { call } = server;
  for (const key of ['a', 'b']) {
    await call('POST', FLAGS, { key, type: 'boolean' });
    for (const environment of ['development', 'production']) {
      const edited = await call('POST', `${FLAGS}/${key}/environments/${environment}/edits`, { edits: growing(1) });
      expect(edited.status).toBe(200);
    }
  }
  const ramps = async (environment = 'production', from = call) =>
    (await from('GET', `/projects/default/environments/${environment}/ramps`)).body.items.map(
      ({ flag, held, nextAt }: { flag: string; held: { causes: { id: string }[] } | null; nextAt: string }) =>
        `${flag} ${held === null ? nextAt.slice(11, 16) : held.causes.map(({ id }) => id.split(':')[0])}`,
    );
  return { ...server, clock, dataDir, ramps };
}

test('to stop the line holds all ramps of a project, and to resume it lets them go on', async () => {
  const { call, clock, ramps } = await start();
  await call('PATCH', '/projects/default/environments/production', { requiredApprovals: 2 });
  const { status, body } = await call('POST', STOP, { reason: 'the shop is on fire' });
  const lineStopped = { since: iso(T0), by: expect.objectContaining({ kind: 'key' }), reason: 'the shop is on fire' };
  expect([status, body.changed, body.flags.length, body.stillHeld]).toEqual([200, true, 4, []]);
  expect(body).toMatchObject({ lineStopped, environments: [{ key: 'development' }, { key: 'production' }] });
  expect((await call('GET', '/projects/default')).body).toMatchObject({ lineStopped });
  expect([await ramps(), await ramps('development')]).toEqual([
    ['a line', 'b line'],
    ['a line', 'b line'],
  ]);
  expect((await call('POST', STOP, { reason: 'again' })).body).toMatchObject({
    changed: false,
    flags: [],
    lineStopped,
  });
  const events = (await call('GET', '/audit?limit=50')).body.items;
  const [event] = events.filter(({ action }: { action: string }) => action === 'line.stopped');
  expect(event).toMatchObject({
    target: { kind: 'project', key: 'default' },
    after: { reason: 'the shop is on fire' },
  });
  clock.nowMs = T0 + 5 * HOUR_MS;
  expect((await call('POST', RESUME, { reason: 'put out' })).body).toMatchObject({ changed: true, stillHeld: [] });
  expect((await call('GET', '/projects/default')).body.lineStopped).toBeUndefined();
  expect(await ramps()).toEqual(['a 06:00', 'b 06:00']);
  expect((await call('POST', RESUME, { reason: 'put out' })).body.changed).toBe(false);
});

test('while it is stopped no ramp starts or goes on, whichever way it is asked for; other changes work', async () => {
  const { call, ramps } = await start();
  await call('POST', FLAGS, { key: 'c', type: 'boolean' });
  await call('POST', FLAGS, { key: 'd', type: 'boolean' });
  const [c, d] = ['c', 'd'].map((key) => `${FLAGS}/${key}/environments/production`);
  await call('POST', `${d}/edits`, { edits: growing(2) });
  await call('POST', `${FLAGS}/d/archive`);
  await call('POST', STOP, { reason: 'fire', environments: ['production'] });
  const edits = growing(3);
  const refused = { status: 409, body: { code: 'line_stopped', message: expect.stringContaining('resume-the-line') } };
  expect(await call('POST', `${c}/edits`, { edits })).toMatchObject(refused);
  const { defaultRule } = (await call('GET', `${FLAGS}/a`)).body.environments.development;
  expect(await call('PATCH', `${c}`, { defaultRule })).toMatchObject(refused);
  expect(await call('POST', `${FLAGS}/d/restore`)).toMatchObject(refused);
  expect(await call('POST', `${FLAGS}/a/environments/production/ramps/resume`, { reason: 'now' })).toMatchObject(
    refused,
  );
  const promotion = { from: 'development', flags: [{ key: 'a' }] };
  const promoted = await call('POST', '/projects/default/environments/production/promotions', promotion);
  expect(promoted.body).toMatchObject({
    code: 'promotion_refused',
    message: expect.stringContaining('line is stopped'),
  });
  const request = { title: 'Go', changes: [{ environment: 'production', flag: 'c', edits }] };
  const { id } = (await call('POST', '/projects/default/change-requests', request)).body;
  expect(await call('POST', `/projects/default/change-requests/${id}/apply`)).toMatchObject({ status: 409 });
  expect((await call('PATCH', `${c}`, { enabled: true })).status).toBe(200);
  const turned = [{ kind: 'setOffVariant', variant: 'on' }];
  await call('POST', `${FLAGS}/b/environments/production/edits`, {
    edits: [{ kind: 'setSchedule', steps: [{ atMs: T0 + HOUR_MS, weights: on(0) }] }],
  });
  // What was to go off would be what is exposed.
  expect(await call('POST', `${FLAGS}/b/environments/production/edits`, { edits: turned })).toMatchObject(refused);
  const down = [{ kind: 'setSchedule', steps: [{ atMs: T0 + HOUR_MS, weights: on(0) }] }];
  expect((await call('POST', `${FLAGS}/a/environments/production/edits`, { edits: down })).status).toBe(200);
  expect((await call('POST', `${FLAGS}/c/environments/development/edits`, { edits })).status).toBe(200);
  expect([await ramps(), await ramps('development')]).toEqual([
    ['a 01:00', 'b 01:00'],
    ['a 01:00', 'b 01:00', 'c 03:00'],
  ]);
  expect((await call('POST', RESUME, { reason: 'put out', environments: ['production'] })).body.changed).toBe(true);
  expect((await call('POST', `${c}/edits`, { edits })).status).toBe(200);
});

test('ramps that something else holds stay so, and one that cannot go on is told', async () => {
  const { call, ramps } = await start();
  const a = `${FLAGS}/a/environments/production`;
  await call('POST', `${a}/ramps/hold`, { reason: 'errors' });
  await call('POST', STOP, { reason: 'fire' });
  expect(await ramps()).toEqual(['a key,line', 'b line']);
  // A straight line from other variants than those it would go to.
  const lineTo = {
    edits: [{ kind: 'setDefaultServe', serve: { split: linear() } }],
  };
  expect((await call('POST', `${FLAGS}/b/environments/production/edits`, lineTo)).status).toBe(200);
  const { body } = await call('POST', RESUME, { reason: 'put out' });
  expect(body.stillHeld).toEqual([
    { environment: 'production', flag: 'b', reason: expect.stringContaining('give it new steps') },
  ]);
  expect(await ramps()).toEqual(['a key', 'b line']);
  expect(await ramps('development')).toEqual(['a 01:00', 'b 01:00']);
});

/** Held in the middle of a line, then changed by hand. */
function linear() {
  const ranges = (to: number) => [
    { variant: 'on', from: 0, to },
    { variant: 'off', from: to, to: 100_000 },
  ];
  const schedule = [
    { atMs: T0 - HOUR_MS, ranges: ranges(0) },
    { atMs: T0 + HOUR_MS, ranges: ranges(50_000), linear: true },
  ];
  const causes = [{ id: 'line', by: 'Ada', reason: 'fire', atMs: T0 }];
  return { ranges: [{ variant: 'off', from: 0, to: 100_000 }], held: { atMs: T0, schedule, causes } };
}

test('scheduled changes wait while it is stopped, and are not late for it; those that turn off do not wait', async () => {
  const { app, call, clock } = await start();
  const at = (nowMs: number) => {
    clock.nowMs = nowMs;
    return app.bunting.scheduleRunner.look();
  };
  const once = (kind: string, flag: string, more = {}) => ({
    kind: 'once',
    title: kind,
    at: iso(T0 + HOUR_MS),
    toleranceMinutes: 1,
    changes: [{ environment: 'production', flag, edits: [{ kind }] }],
    ...more,
  });
  await call('PATCH', `${FLAGS}/b/environments/production`, { enabled: true });
  const ids: string[] = [];
  for (const input of [once('enable', 'a'), once('disable', 'b')])
    ids.push((await call('POST', SCHEDULES, input)).body.id);
  const states = () => Promise.all(ids.map(async (id) => (await call('GET', `${SCHEDULES}/${id}`)).body.state));
  await call('POST', STOP, { reason: 'fire' });
  await at(T0 + HOUR_MS);
  await at(T0 + 4 * HOUR_MS);
  expect(await states()).toEqual(['active', 'done']);
  await call('POST', RESUME, { reason: 'put out' });
  await at(T0 + 4 * HOUR_MS + 30_000);
  expect(await states()).toEqual(['done', 'done']);
  ids.push((await call('POST', SCHEDULES, once('enable', 'b', { at: iso(T0 + 5 * HOUR_MS) }))).body.id);
  await call('POST', STOP, { reason: 'fire', environments: ['development'] });
  await at(T0 + 5 * HOUR_MS);
  expect(await states()).toEqual(['done', 'done', 'done']);
});

test('one environment of a project that is stopped as a whole is not resumed, and one that is not there is said', async () => {
  const { call } = await start();
  expect((await call('POST', STOP, { reason: 'x', environments: ['none'] })).status).toBe(404);
  await call('POST', STOP, { reason: 'x' });
  const one = await call('POST', RESUME, { reason: 'x', environments: ['production'] });
  expect([one.status, one.body.code]).toEqual([409, 'line_stopped']);
  const { body } = await call('POST', '/projects/default/environments', { key: 'new', name: 'New' });
  expect(body.lineStopped).toBeUndefined();
  const edited = await call('POST', `${FLAGS}/a/environments/new/edits`, { edits: growing(1) });
  expect(edited.body.code).toBe('line_stopped');
});

test('who may kill in one environment stops it there alone, and resumes only who may re-arm', async () => {
  const server = await start();
  const { call } = server;
  await call('PUT', '/roles/on-call', { name: 'On call', permissions: ['project:read', 'kill:engage'] });
  const { browser } = await startPerson(server, 'on-call', { project: 'default', environment: 'production' });
  expect((await browser.call('POST', STOP, { reason: 'fire' })).status).toBe(403);
  const inProduction = { reason: 'fire', environments: ['production'] };
  expect((await browser.call('POST', STOP, inProduction)).status).toBe(200);
  expect((await browser.call('POST', RESUME, inProduction)).status).toBe(403);
  const { environments } = (await call('GET', '/projects/default')).body;
  expect(environments.map(({ lineStopped }: { lineStopped?: object }) => lineStopped !== undefined)).toEqual([
    false,
    true,
  ]);
});

test('a stop outlives the server, and holds on all of them', async () => {
  const { app, call, clock, dataDir, ramps } = await start();
  const again = () => startApp({ now: () => clock.nowMs, dataDir });
  const second = engine === 'postgres' ? await again() : undefined;
  await call('POST', STOP, { reason: 'fire' });
  if (second === undefined) await app.close();
  const other = second ?? (await again());
  const edited = await other.call('POST', `${FLAGS}/a/environments/production/edits`, { edits: growing(2) });
  expect(edited.body.code).toBe('line_stopped');
  expect(await ramps('production', other.call)).toEqual(['a line', 'b line']);
  await other.call('POST', RESUME, { reason: 'put out' });
  expect((await other.call('GET', '/projects/default')).body.lineStopped).toBeUndefined();
});
