import { expect, test } from 'vitest';
import { ALL_POWERS } from '../access/powers.ts';
import { startPerson } from '../testing/people.ts';
import { startApp, type TestServer } from '../testing/start-app.ts';

const FLAG = '/projects/default/flags/a/environments/production';
const PRODUCTION = '/projects/default/environments/production';
const T0 = Date.parse('2026-05-04T00:00:00Z');
const HOUR_MS = 3_600_000;
const place = { project: 'default', environment: 'production', flag: 'a' };
const alerts = { actor: { kind: 'signal', id: 's1', name: 'Prometheus' }, ...ALL_POWERS } as const;

const on = (percent: number) => [
  { variant: 'on', weightPer100k: percent * 1000 },
  { variant: 'off', weightPer100k: 100_000 - percent * 1000 },
];
const step = (hours: number, percent: number) => ({ atMs: T0 + hours * HOUR_MS, weights: on(percent) });
const ramp = (...steps: ReturnType<typeof step>[]) => ({
  edits: [
    { kind: 'setRollout', weights: on(10) },
    { kind: 'setSchedule', steps },
  ],
});

/** A server whose clock goes as it is told, with a flag that is to be on for half of all in an hour, and for all in two. */
async function start() {
  const clock = { nowMs: T0 };
  const server = await startApp({ now: () => clock.nowMs });
  await server.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const { status } = await server.call('POST', `${FLAG}/edits`, ramp(step(1, 50), step(2, 100)));
  expect(status).toBe(200);
  await server.call('PATCH', FLAG, { enabled: true });
  return { ...server, clock };
}

/** How many of 1 000 subjects the flag is on for, asked of the ruleset that SDKs get. */
function share({ app }: Pick<TestServer, 'app'>, atMs: number): number {
  const { compiled, rulesets } = app.bunting.polling;
  const ruleset = compiled.get(rulesets.named('default', 'production') as never);
  let count = 0;
  for (let i = 0; i < 1000; i++) if (ruleset.evaluate('a', { targetingKey: `u${i}` }, atMs).value === true) count++;
  return Math.round(count / 100) * 10;
}

test('a ramp is held where it is, told of, and goes on later by as long as it was held', async () => {
  const server = await start();
  const { call, clock } = server;
  expect([share(server, T0), share(server, T0 + HOUR_MS), share(server, T0 + 3 * HOUR_MS)]).toEqual([10, 50, 100]);
  clock.nowMs = T0 + 1.5 * HOUR_MS;
  const { status, body } = await call('POST', `${FLAG}/ramps/hold`, { reason: 'errors' });
  const cause = {
    id: expect.stringMatching(/^key:/),
    by: 'Bootstrap admin key',
    reason: 'errors',
    at: '2026-05-04T01:30:00.000Z',
  };
  const held = { since: '2026-05-04T01:30:00.000Z', causes: [cause] };
  const shown = { flag: 'a', rule: null, ruleName: null, weights: on(50).reverse(), nextAt: null, grows: false, held };
  expect([status, body]).toEqual([200, { changed: true, ramps: [shown], revision: expect.any(Object) }]);
  expect(share(server, T0 + 9 * HOUR_MS)).toBe(50);
  expect((await call('GET', `${PRODUCTION}/ramps`)).body).toEqual({ items: [shown], nextCursor: null });
  const [event] = (await call('GET', '/audit?limit=1')).body.items;
  expect(event).toMatchObject({
    action: 'ramp.held',
    target: { key: 'a' },
    comment: 'errors',
    after: { reason: 'errors', ramps: [shown] },
  });
  expect((await call('POST', `${FLAG}/ramps/hold`, { reason: 'again' })).body).toMatchObject({
    changed: false,
    ramps: [shown],
  });
  clock.nowMs = T0 + 5 * HOUR_MS;
  const resumed = await call('POST', `${FLAG}/ramps/resume`, { reason: 'fixed' });
  expect(resumed.body).toMatchObject({
    changed: true,
    ramps: [{ nextAt: '2026-05-04T05:30:00.000Z', grows: true, held: null }],
  });
  expect([5, 5.4, 5.5].map((hours) => share(server, T0 + hours * HOUR_MS))).toEqual([50, 50, 100]);
  expect((await call('POST', `${FLAG}/ramps/resume`, { reason: 'fixed' })).body.changed).toBe(false);
});

test('it goes on when its last cause is gone; who asks for no cause takes all away', async () => {
  const server = await start();
  const { app, call } = server;
  const { ramps } = app.bunting;
  await ramps.hold(alerts, place, 'errors', 'signal:b1/e1');
  await ramps.hold(alerts, place, 'latency', 'signal:b2/e7');
  const again = await ramps.hold(alerts, place, 'errors', 'signal:b1/e1');
  expect([again.changed, again.ramps[0]?.held?.causes.map(({ reason }) => reason)]).toEqual([
    false,
    ['errors', 'latency'],
  ]);
  await ramps.resume(alerts, place, 'resolved', 'signal:b1/e1');
  expect(share(server, T0 + 3 * HOUR_MS)).toBe(10);
  expect((await ramps.resume(alerts, place, 'resolved', 'signal:b1/e1')).changed).toBe(false);
  await ramps.resume(alerts, place, 'resolved', 'signal:b2/e7');
  expect(share(server, T0 + 3 * HOUR_MS)).toBe(100);
  await ramps.hold(alerts, place, 'errors', 'signal:b1/e2');
  await call('POST', `${FLAG}/ramps/resume`, { reason: 'a false alarm' });
  expect(share(server, T0 + 3 * HOUR_MS)).toBe(100);
});

test('to hold needs no approval and waits for no freeze; to resume does, also for a signal', async () => {
  const server = await start();
  const { app, call } = server;
  await call('PATCH', PRODUCTION, { requiredApprovals: 1, requireComment: true });
  const freeze = { name: 'Holidays', from: new Date(T0).toISOString(), to: new Date(T0 + HOUR_MS).toISOString() };
  await call('POST', `${PRODUCTION}/freezes`, freeze);
  const { ramps } = app.bunting;
  expect((await ramps.hold(alerts, place, 'errors', 'signal:b1')).changed).toBe(true);
  expect((await call('POST', `${FLAG}/ramps/hold`, { reason: 'me too' })).status).toBe(200);
  expect(share(server, T0 + 3 * HOUR_MS)).toBe(10);
  // One of two causes goes: nothing goes on.
  expect((await ramps.resume(alerts, place, 'resolved', 'signal:b1')).changed).toBe(true);
  await ramps.hold(alerts, place, 'errors', 'signal:b1');
  const resume = { reason: 'fixed' };
  expect((await call('POST', `${FLAG}/ramps/resume`, resume)).body.code).toBe('approval_required');
  const [{ causes }] = (await call('GET', `${PRODUCTION}/ramps`)).body.items.map(({ held }: { held: unknown }) => held);
  await ramps.resume(alerts, place, 'resolved', causes[0].id);
  await expect(ramps.resume(alerts, place, 'resolved', 'signal:b1')).rejects.toMatchObject({
    code: 'approval_required',
  });
  const changes = [{ environment: 'production', flag: 'a', edits: [{ kind: 'resumeRamp' }] }];
  const request = await call('POST', '/projects/default/change-requests', { title: 'Go on', changes });
  expect(request.status).toBe(201);
  const glass = { 'bunting-break-glass': 'true', 'bunting-comment': 'Fixed' };
  expect((await call('POST', `${FLAG}/ramps/resume`, resume, glass)).status).toBe(200);
  expect(share(server, T0 + 3 * HOUR_MS)).toBe(100);
});

test('nothing is held that does not grow, is archived, or is not there; and only by who may', async () => {
  const { call, app } = await start();
  const down = {
    edits: [
      { kind: 'setRollout', weights: on(50) },
      { kind: 'setSchedule', steps: [step(1, 0)] },
    ],
  };
  expect((await call('POST', `${FLAG}/edits`, down)).status).toBe(200);
  const hold = (path: string) => call('POST', `${path}/ramps/hold`, { reason: 'errors' });
  expect((await hold(FLAG)).body).toMatchObject({ code: 'conflict', message: expect.stringContaining('kill it') });
  expect((await call('GET', `${PRODUCTION}/ramps`)).body.items).toMatchObject([
    { flag: 'a', grows: false, held: null },
  ]);
  expect((await hold('/projects/default/flags/none/environments/production')).status).toBe(404);
  await call('POST', '/projects/default/flags/a/archive');
  expect((await hold(FLAG)).body.code).toBe('flag_archived');
  expect((await call('GET', `${PRODUCTION}/ramps`)).body.items).toEqual([]);
  const viewer = await startPerson({ app, call }, 'viewer');
  expect((await viewer.browser.call('POST', `${FLAG}/ramps/hold`, { reason: 'x' })).status).toBe(403);
});

test('SDKs learn that a ramp is held, and not by whom', async () => {
  const { app, call } = await start();
  await call('POST', `${FLAG}/ramps/hold`, { reason: 'a secret plan' });
  const json = app.bunting.rulesets.named('default', 'production')?.item('flag', 'a')?.json ?? '';
  expect(JSON.parse(json).defaultRule.split.held).toEqual({ atMs: T0, schedule: expect.any(Array) });
  expect(json).not.toContain('secret');
});

test('a variant that only a held ramp would serve cannot be removed', async () => {
  const { call } = await start();
  const variants = ['one', 'two', 'none'].map((name) => ({ name, value: name }));
  await call('POST', '/projects/default/flags', { key: 'text', type: 'string', variants });
  const path = '/projects/default/flags/text/environments/production';
  const all = (variant: string) => [{ variant, weightPer100k: 100_000 }];
  const edits = [
    { kind: 'setRollout', weights: all('one') },
    { kind: 'setSchedule', steps: [{ atMs: T0 + 1, weights: all('two') }] },
  ];
  expect((await call('POST', `${path}/edits`, { edits })).status).toBe(200);
  expect((await call('POST', `${path}/ramps/hold`, { reason: 'x' })).status).toBe(200);
  const removed = await call('PATCH', '/projects/default/flags/text', {
    variants: variants.slice(0, 1).concat(variants.slice(2)),
  });
  expect(removed.body.code).toBe('variant_in_use');
});
