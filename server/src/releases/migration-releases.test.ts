import { expect, test, vi } from 'vitest';
import { MemoryTarget } from '../testing/memory-target.ts';
import { startApp } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';
const PRODUCTION = '/projects/default/environments/production';
const RELEASES = '/projects/default/releases';
const full = {
  title: 'Orders in two tables',
  environment: 'production',
  strategy: 'migration',
  flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
  traffic: { target: 'shop', candidate: 'v2', baseline: 'v1' },
  migration: { plan: 'orders' },
  stages: [
    { migrationPhase: 'expand', soakSeconds: 3_600 },
    { trafficPer100k: 100_000, soakSeconds: 3_600 },
    { migrationPhase: 'read_new', flagsPer100k: 50_000, soakSeconds: 3_600 },
    { flagsPer100k: 100_000, soakSeconds: 3_600 },
    { migrationPhase: 'read_only_new', soakSeconds: 3_600 },
    { migrationPhase: 'stop_old_write', soakSeconds: 3_600 },
  ],
  bakeSeconds: 60,
};

/** A server with a flag, a traffic target, and a plan whose phases have nothing to run. */
async function start() {
  const clock = { aheadMs: 0 };
  const target = new MemoryTarget();
  const { app, call } = await startApp({ now: () => Date.now() + clock.aheadMs });
  vi.spyOn(app.bunting.trafficTargets, 'open').mockImplementation(async () => target);
  await call('POST', FLAGS, { key: 'checkout', type: 'boolean' });
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  await call('PATCH', `${FLAGS}/checkout/environments/production`, off);
  await call('POST', FLAGS, { key: 'orders', type: 'string', kind: 'migration' });
  const plan = { key: 'orders', name: 'Orders', flag: 'orders', phases: {} };
  expect((await call('POST', `${PRODUCTION}/migration-plans`, plan)).status).toBe(201);
  const { body: release } = await call('POST', RELEASES, full);
  const get = async () => (await call('GET', `${RELEASES}/${release.id}`)).body;
  const command = async (body: object) => (await call('POST', `${RELEASES}/${release.id}/commands`, body)).body;
  /** Looks until the release rests at what is expected: plans go their way beside it. */
  const comeTo = (expected: object) =>
    expect
      .poll(
        async () => {
          // Between phases a plan waits for what was begun before.
          clock.aheadMs += 1_000;
          await app.bunting.migrationEngine.look();
          await app.bunting.migrationEngine.settle();
          await app.bunting.releaseEngine.look();
          return get();
        },
        { interval: 20, timeout: 10_000 },
      )
      .toMatchObject(expected);
  /** To a stage, with all of its exposure seen. */
  const reach = async (stage: number) => {
    for (let at = 0; at <= stage; at++) {
      await comeTo({ stage: at, enteredAt: expect.any(String) });
      if (at < stage) clock.aheadMs += 3_600_000;
    }
  };
  const flagOf = async (key: string) => (await call('GET', `${FLAGS}/${key}`)).body.environments.production.defaultRule;
  return { call, target, release, get, command, comeTo, reach, flagOf };
}

test('the schema goes before traffic, traffic before flags; on the way back what was added stays', async () => {
  const { release, command, reach, comeTo, target, flagOf } = await start();
  expect(release.pointsOfNoReturn).toEqual([{ stage: 5, reason: expect.stringContaining('not written any more') }]);
  await command({ command: 'start' });
  await reach(2);
  expect(target.observed.candidatePer100k).toBe(100_000);
  expect(await flagOf('orders')).toEqual({ variant: 'live' });
  await comeTo({
    migrationPhase: 'read_new',
    set: { migrationPhase: 'read_new', trafficPer100k: 100_000, flagsPer100k: 50_000 },
  });
  await command({ command: 'abort', reason: 'slow' });
  await comeTo({ phase: 'aborted', migrationPhase: 'expand', trafficPer100k: 0, flags: [{ weightPer100k: 0 }] });
  expect(await flagOf('orders')).toEqual({ variant: 'off' });
});

test('past a point of no return only the flags go back; a person accepts what is out', async () => {
  const { call, command, reach, comeTo, target, release } = await start();
  await command({ command: 'start' });
  await reach(5);
  await command({ command: 'abort', reason: 'slow' });
  await comeTo({ phase: 'blocked', migrationPhase: 'stop_old_write', flags: [{ weightPer100k: 0 }] });
  expect(target.observed.candidatePer100k).toBe(100_000);
  const held = { command: 'start' };
  const other = (await call('POST', RELEASES, { ...full, title: 'Another' })).body;
  expect((await call('POST', `${RELEASES}/${other.id}/commands`, held)).status).toBe(409);
  await command({ command: 'unblock' });
  await comeTo({ phase: 'blocked' });
  expect(await command({ command: 'accept' })).toMatchObject({ phase: 'superseded' });
  const decisions = JSON.stringify((await call('GET', `${RELEASES}/${release.id}/decisions`)).body.items);
  expect(decisions).toContain('Traffic stays with v2');
});

test('what has no way back is refused where its plan is not just before it, with what to do first', async () => {
  const { call } = await start();
  const contract = {
    ...{ title: 'Drop the old table', environment: 'production', strategy: 'migration' },
    ...{ migration: { plan: 'orders' }, stages: [{ migrationPhase: 'contract', soakSeconds: 0 }] },
  };
  const { id } = (await call('POST', RELEASES, contract)).body;
  await call('POST', `${RELEASES}/${id}/commands`, { command: 'start' });
  expect((await call('GET', `${RELEASES}/${id}`)).body.phase).toBe('failed');
  const { items } = (await call('GET', `${RELEASES}/${id}/decisions`)).body;
  expect(items[0].decision).toBe(
    'Nothing was begun: Migration plan "orders" is at baseline, and goes to contract only from stop_old_write: ' +
      'take it there first, watch it, then release this.',
  );
});

test.each([
  [{ migration: { plan: 'nope' } }, 'there is no migration plan "nope" in production: make it first'],
  [
    { stages: [full.stages[0], { migrationPhase: 'stop_old_write', soakSeconds: 1 }] },
    'read_only_new in a stage before it',
  ],
  [
    { stages: [...full.stages, { migrationPhase: 'contract', soakSeconds: 1 }] },
    'make it a release of its own, with this one stage',
  ],
  [
    {
      stages: [
        { migrationPhase: 'read_new', soakSeconds: 1 },
        { migrationPhase: 'expand', soakSeconds: 1 },
      ],
    },
    'must be read_new or later',
  ],
])('what cannot work is refused with its place and the fix: %j', async (more, message) => {
  const { call } = await start();
  expect(JSON.stringify((await call('POST', RELEASES, { ...full, ...more })).body)).toContain(
    JSON.stringify(message).slice(1, -1),
  );
});
