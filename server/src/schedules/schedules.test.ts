import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { ApiError } from '../http/api-error.ts';
import { startPerson } from '../testing/people.ts';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { engine } from '../testing/test-database.ts';

const FLAGS = '/projects/default/flags';
const PRODUCTION = '/projects/default/environments/production';
const SCHEDULES = '/projects/default/schedules';
const HOUR_MS = 3_600_000;
const T0 = Date.parse('2026-05-04T00:00:00Z');
const iso = (ms: number) => new Date(ms).toISOString();
const set = (kind: 'enable' | 'disable', flag = 'a') => ({ environment: 'production', flag, edits: [{ kind }] });
const once = (atMs: number, more = {}) => ({
  kind: 'once',
  title: 'Launch',
  at: iso(atMs),
  changes: [set('enable')],
  ...more,
});
const office = { weekdays: ['monday', 'tuesday'], from: '09:00', to: '17:00', timeZone: 'Europe/Berlin' };
const repeat = {
  kind: 'repeat',
  title: 'Office hours',
  window: office,
  changes: [set('enable')],
  endChanges: [set('disable')],
};

/** A server whose clock goes as it is told. It does what is due when it is asked to. */
async function start(clock = { nowMs: T0 }, dataDir = newFolder()) {
  const server = await startApp({ now: () => clock.nowMs, dataDir });
  const { app, call } = server;
  const look = (nowMs: number) => {
    clock.nowMs = nowMs;
    return app.bunting.scheduleRunner.look();
  };
  const isOn = async () => (await call('GET', `${FLAGS}/a/environments/production`)).body.enabled;
  const runs = async (id: string) =>
    (await call('GET', `${SCHEDULES}/${id}/runs?limit=200`)).body.items.map(
      ({ outcome, dueAt }: { outcome: string; dueAt: string }) => `${outcome} ${dueAt.slice(0, 16)}`,
    );
  return { ...server, clock, dataDir, look, isOn, runs };
}

async function startWithFlag() {
  const server = await start();
  await server.call('POST', FLAGS, { key: 'a', type: 'boolean' });
  return server;
}

const events = async ({ call }: Pick<TestServer, 'call'>, action: string) =>
  (await call('GET', '/audit?limit=200')).body.items.filter((event: { action: string }) => event.action === action);

test('a change is made at its time, once, in the name of who scheduled it', async () => {
  const server = await startWithFlag();
  const { call, look, isOn, runs } = server;
  const { status, body } = await call('POST', SCHEDULES, once(T0 + HOUR_MS));
  expect([status, body.state, body.dueAt]).toEqual([201, 'active', iso(T0 + HOUR_MS)]);
  await look(T0 + HOUR_MS - 1);
  expect(await isOn()).toBe(false);
  await Promise.all([look(T0 + HOUR_MS), look(T0 + HOUR_MS)]);
  await look(T0 + 2 * HOUR_MS);
  expect(await isOn()).toBe(true);
  expect(await runs(body.id)).toEqual(['applied 2026-05-04T01:00']);
  expect((await call('GET', `${SCHEDULES}/${body.id}`)).body).toMatchObject({ state: 'done', dueAt: null });
  const [made] = await events(server, 'flag.environment.updated');
  expect(made).toMatchObject({ actor: { kind: 'key' }, comment: `Schedule ${body.id}: Launch` });
  expect(await events(server, 'schedule.applied')).toMatchObject([{ environment: 'production', revisions: [{}] }]);
});

test('a window turns a flag on and off every week, also when servers were down at its times', async () => {
  const server = await startWithFlag();
  const { call, look, isOn, runs } = server;
  const { id } = (await call('POST', SCHEDULES, repeat)).body;
  await look(Date.parse('2026-05-04T07:00Z'));
  expect(await isOn()).toBe(true);
  await look(Date.parse('2026-05-04T15:00Z'));
  expect(await isOn()).toBe(false);
  // Away over Tuesday and until Monday noon.
  await look(Date.parse('2026-05-11T10:00Z'));
  expect(await isOn()).toBe(true);
  expect(await runs(id)).toEqual([
    'applied 2026-05-11T07:00',
    'missed 2026-05-05T15:00',
    'missed 2026-05-05T07:00',
    'applied 2026-05-04T15:00',
    'applied 2026-05-04T07:00',
  ]);
  expect((await call('GET', `${SCHEDULES}/${id}`)).body.dueAt).toBe('2026-05-11T15:00:00.000Z');
  expect((await call('POST', `${SCHEDULES}/${id}/pause`)).body.state).toBe('paused');
  await look(Date.parse('2026-05-11T16:00Z'));
  expect(await isOn()).toBe(true);
  await call('POST', `${SCHEDULES}/${id}/resume`);
  await look(Date.parse('2026-05-11T16:00Z'));
  expect(await isOn()).toBe(false);
  expect((await call('POST', `${SCHEDULES}/${id}/cancel`)).body.state).toBe('cancelled');
  expect((await call('POST', `${SCHEDULES}/${id}/resume`)).body.code).toBe('wrong_state');
});

test('what could not be done within its tolerance is missed, and told', async () => {
  const server = await startWithFlag();
  const { call, look, isOn, runs } = server;
  const { id } = (await call('POST', SCHEDULES, once(T0 + HOUR_MS, { toleranceMinutes: 30 }))).body;
  await look(T0 + 2 * HOUR_MS);
  expect([await isOn(), (await call('GET', `${SCHEDULES}/${id}`)).body.state]).toEqual([false, 'missed']);
  expect(await runs(id)).toEqual(['missed 2026-05-04T01:00']);
  expect(await events(server, 'schedule.missed')).toHaveLength(1);
});

test('what was tried until it was too late says what stood against it', async () => {
  const server = await startWithFlag();
  const { app, call, look } = server;
  const { id } = (await call('POST', SCHEDULES, once(T0 + HOUR_MS, { toleranceMinutes: 30 }))).body;
  const away = new ApiError('store_unavailable', 'The database is away.');
  const commit = vi.spyOn(app.bunting.changes, 'commit').mockRejectedValue(away);
  await look(T0 + HOUR_MS);
  commit.mockRestore();
  await look(T0 + 2 * HOUR_MS);
  const [run] = (await call('GET', `${SCHEDULES}/${id}/runs`)).body.items;
  expect(run).toMatchObject({ outcome: 'missed', reason: expect.stringContaining('The database is away.') });
});

test('what does not fit any more fails whole, and says why', async () => {
  const server = await startWithFlag();
  const { call, look, isOn } = server;
  await call('POST', FLAGS, { key: 'b', type: 'boolean' });
  const changes = [set('enable'), { ...set('enable', 'b'), edits: [{ kind: 'removeRule', rule: 'r' }] }];
  const { id } = (await call('POST', SCHEDULES, once(T0 + 1, { changes }))).body;
  await look(T0 + 2);
  expect(await isOn()).toBe(false);
  expect((await call('GET', `${SCHEDULES}/${id}`)).body).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('changes[1].edits[0]: the rule "r" is gone'),
  });
  expect(await events(server, 'schedule.failed')).toHaveLength(1);
});

test('an environment that wants approval takes an approved request at its time, and no other schedule', async () => {
  const server = await startWithFlag();
  const { call, look, isOn } = server;
  await call('PATCH', PRODUCTION, { requiredApprovals: 1 });
  expect((await call('POST', SCHEDULES, once(T0 + HOUR_MS))).body.code).toBe('approval_required');
  const grace = await startPerson(server, 'approver');
  const propose = async () =>
    (await call('POST', '/projects/default/change-requests', { title: 'Launch', changes: [set('enable')] })).body;
  const [approved, other] = [await propose(), await propose()];
  const request = { kind: 'request', title: 'Launch', at: iso(T0 + HOUR_MS) };
  const ids: string[] = [];
  for (const { id } of [other, approved]) {
    ids.push((await call('POST', SCHEDULES, { ...request, changeRequest: id })).body.id);
  }
  const { contentHash } = approved;
  await grace.browser.call('POST', `/projects/default/change-requests/${approved.id}/approve`, { contentHash });
  await look(T0 + HOUR_MS);
  expect(await isOn()).toBe(true);
  const states = await Promise.all(ids.map(async (id) => (await call('GET', `${SCHEDULES}/${id}`)).body));
  expect(states.map(({ state }) => state)).toEqual(['failed', 'done']);
  expect(states[0].reason).toContain('lacks approvals');
  expect((await call('GET', `/projects/default/change-requests/${approved.id}`)).body.state).toBe('applied');
});

test('a scheduled request is applied as it was when it was scheduled, or not at all', async () => {
  const server = await startWithFlag();
  const { call, look, isOn } = server;
  const editor = await startPerson(server, 'editor');
  const changes = [{ ...set('enable'), edits: [{ kind: 'setOffVariant', variant: 'off' }] }];
  const { id } = (await call('POST', '/projects/default/change-requests', { title: 'Harmless', changes })).body;
  const request = { kind: 'request', title: 'Harmless', at: iso(T0 + 1), changeRequest: id };
  const schedule = (await call('POST', SCHEDULES, request)).body.id;
  expect((await call('POST', `${SCHEDULES}/${schedule}/pause`)).status).toBe(200);
  for (const step of ['resume', 'cancel']) {
    expect((await editor.browser.call('POST', `${SCHEDULES}/${schedule}/${step}`)).status).toBe(403);
  }
  expect((await call('POST', `${SCHEDULES}/${schedule}/resume`)).body.state).toBe('active');
  // The editor may propose this, but not make it.
  const edited = await editor.browser.call('PATCH', `/projects/default/change-requests/${id}`, {
    changes: [set('enable')],
  });
  expect(edited.status).toBe(200);
  await look(T0 + 1);
  expect(await isOn()).toBe(false);
  expect((await call('GET', `${SCHEDULES}/${schedule}`)).body).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('Schedule it anew'),
  });
});

test('by breaking the glass a window is made for an environment that wants approval', async () => {
  const server = await startWithFlag();
  const { call, look, isOn } = server;
  await call('PATCH', PRODUCTION, { requiredApprovals: 1 });
  const glass = { 'bunting-break-glass': 'true', 'bunting-comment': 'Agreed%20in%20the%20meeting' };
  expect((await call('POST', SCHEDULES, repeat, glass)).status).toBe(201);
  expect(await events(server, 'environment.glass-broken')).toHaveLength(1);
  await look(Date.parse('2026-05-04T07:00Z'));
  expect(await isOn()).toBe(true);
});

test('who may not change an environment schedules nothing for it, and a time that has passed is refused', async () => {
  const server = await startWithFlag();
  const { call } = server;
  const editor = await startPerson(server, 'editor');
  expect((await editor.browser.call('POST', SCHEDULES, once(T0 + HOUR_MS))).status).toBe(403);
  expect((await call('POST', SCHEDULES, once(T0))).body.details[0].path).toBe('at');
  const elsewhere = { ...repeat, window: { ...office, timeZone: 'Mars/Olympus' } };
  expect((await call('POST', SCHEDULES, elsewhere)).body.details[0].path).toBe('window');
  const none = once(T0 + HOUR_MS, { changes: [set('enable', 'none')] });
  expect((await call('POST', SCHEDULES, none)).body.code).toBe('change_conflict');
});

test('while an environment is frozen nothing is changed in it, by schedules neither; kills work', async () => {
  const server = await startWithFlag();
  const { call, look, clock, isOn } = server;
  const freezes = `${PRODUCTION}/freezes`;
  const input = { name: 'Holidays', from: iso(T0 + HOUR_MS), to: iso(T0 + 3 * HOUR_MS) };
  const { status, body: freeze } = await call('POST', freezes, input);
  expect(status).toBe(201);
  const { id } = (await call('POST', SCHEDULES, once(T0 + 2 * HOUR_MS))).body;
  const path = `${FLAGS}/a/environments/production`;
  const change = (enabled: boolean, headers = {}) => call('PATCH', path, { enabled }, headers);
  expect((await change(true)).status).toBe(200);
  expect((await change(false)).status).toBe(200);
  await look(T0 + 2 * HOUR_MS);
  const refused = await change(true);
  expect([refused.status, refused.body.code, refused.body.details.until]).toEqual([
    409,
    'environment_frozen',
    iso(T0 + 3 * HOUR_MS),
  ]);
  expect((await call('GET', `${SCHEDULES}/${id}`)).body).toMatchObject({ state: 'failed' });
  expect((await call('POST', `${path}/kill`, { reason: 'on fire' })).status).toBe(200);
  expect((await call('POST', `${path}/rearm`, { reason: 'put out' })).status).toBe(200);
  expect((await call('PATCH', `${FLAGS}/a/environments/development`, { enabled: true })).status).toBe(200);
  const glass = { 'bunting-break-glass': 'true', 'bunting-comment': 'Fire' };
  expect((await change(true, glass)).status).toBe(200);
  expect(await isOn()).toBe(true);
  expect((await call('GET', freezes)).body.items).toEqual([freeze]);
  await call('PUT', '/roles/keeper', { name: 'Keeper', permissions: ['project:read', 'environment:write'] });
  const keeper = await startPerson(server, 'keeper');
  expect((await keeper.browser.call('DELETE', `${freezes}/${freeze.id}`)).status).toBe(403);
  expect((await call('DELETE', `${freezes}/${freeze.id}`)).status).toBe(204);
  expect((await change(false)).status).toBe(200);
  clock.nowMs = T0 + 4 * HOUR_MS;
  expect((await call('POST', freezes, input)).body.details[0].path).toBe('to');
});

/** What happens to the installation between two looks. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('look'), hours: fc.integer({ min: -3, max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart'), hours: fc.integer({ min: 0, max: 30 }) }) },
);

test('over restarts and jumping clocks, each time is dealt with exactly once', { timeout: 60_000 }, async () => {
  const many = async (steps: readonly { readonly kind: string; readonly hours: number }[]) => {
    const clock = { nowMs: T0 };
    const first = await start(clock);
    await first.call('POST', FLAGS, { key: 'a', type: 'boolean' });
    const { id } = (await first.call('POST', SCHEDULES, repeat)).body;
    const single = (await first.call('POST', SCHEDULES, once(T0 + 5 * HOUR_MS))).body.id;
    // Two servers at once, where the engine allows it.
    let servers = [first, ...(engine === 'postgres' ? [await start(clock, first.dataDir)] : [])];
    for (const { kind, hours } of steps) {
      clock.nowMs += hours * HOUR_MS;
      if (kind === 'restart') {
        for (const { app } of servers) await app.close();
        const next = await start(clock, first.dataDir);
        servers = [next, ...(engine === 'postgres' ? [await start(clock, first.dataDir)] : [])];
      }
      // At the same time, as several servers do; on one engine two looks of one stand for them.
      await Promise.all([...servers, ...servers].map(({ look }) => look(clock.nowMs)));
    }
    const [server] = servers;
    if (server === undefined) return;
    const told = await events(server, 'schedule.applied');
    const keys = told.map(({ target, after }: { target: { key: string }; after: { dueAt: string; edge: string } }) =>
      [target.key, after.dueAt, after.edge].join(' '),
    );
    expect(new Set(keys).size).toBe(keys.length);
    const [runs, one] = [await server.runs(id), await server.runs(single)];
    expect(
      runs.filter((run: string) => run.startsWith('applied')).length + (one[0]?.startsWith('applied') ? 1 : 0),
    ).toBe(keys.length);
    expect(one.length).toBeLessThanOrEqual(1);
    // Turned on and off in turns, each change of the flag is one run's: none was made twice, none by half.
    const { body } = await server.call('GET', `${SCHEDULES}/${id}`);
    expect(Date.parse(body.dueAt)).toBeGreaterThan(Math.min(clock.nowMs, T0 + HOUR_MS));
    for (const { app } of servers) await app.close();
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), many), {
    numRuns: engine === 'postgres' ? 3 : 8,
  });
});
