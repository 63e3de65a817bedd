import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { MemoryTarget } from '../testing/memory-target.ts';
import { startPerson } from '../testing/people.ts';
import { newFolder, startApp } from '../testing/start-app.ts';

const PRODUCTION = '/projects/default/environments/production';
const SHOP = `${PRODUCTION}/traffic-targets/shop`;
const PLANS = `${PRODUCTION}/migration-plans`;
const RELEASES = '/projects/default/releases';
const MINUTE_MS = 60_000;

/** A release of traffic and of a migration, in an environment where another person has to approve. */
async function start() {
  const clock = { nowMs: Date.parse('2026-05-04T00:00:00Z') };
  const folder = newFolder();
  const server = await startApp({ now: () => clock.nowMs, config: { trafficPaths: [folder] } });
  const { app, call } = server;
  vi.spyOn(app.bunting.trafficTargets, 'open').mockResolvedValue(new MemoryTarget());
  const settings = (map: string) => ({
    ...{ runtime: join(folder, 'haproxy.sock'), map },
    backends: { candidate: 'new', baseline: 'old' },
  });
  const put = (map: string, name = 'Shop') =>
    call('PUT', SHOP, { name, kind: 'haproxy', settings: settings(join(folder, map)) });
  await put('shop.map');
  await call('POST', PLANS, { key: 'orders', name: 'Orders', phases: {} });
  await call('PATCH', PRODUCTION, { requiredApprovals: 1 });
  const { body: release } = await call('POST', RELEASES, {
    ...{ title: 'Shop 2', environment: 'production', strategy: 'migration', migration: { plan: 'orders' } },
    traffic: { target: 'shop', candidate: 'v2', baseline: 'v1' },
    stages: [
      { migrationPhase: 'expand', soakSeconds: 60 },
      { trafficPer100k: 100_000, soakSeconds: 60 },
    ],
  });
  const { browser } = await startPerson(server, 'approver');
  const path = `${RELEASES}/${release.id}`;
  return {
    ...{ ...server, clock, put },
    get: async () => (await call('GET', path)).body,
    command: (body: object, headers = {}) => call('POST', `${path}/commands`, body, headers),
    approve: async () => (await browser.call('POST', `${path}/approve`)).status,
    decisions: async () =>
      (await call('GET', `${path}/decisions`)).body.items.map(({ decision }: { decision: string }) => decision),
  };
}

test('who moves the traffic target after a release was approved voids the approval, and the release says so', async () => {
  const { put, approve, command, decisions } = await start();
  expect(await approve()).toBe(200);
  expect((await put('other.map')).status).toBe(200);
  const refused = (await command({ command: 'start' })).body;
  expect([refused.code, refused.message]).toEqual([
    'approval_required',
    expect.stringContaining(
      'Traffic target "shop" was changed since the release was approved: it must be approved anew.',
    ),
  ]);
  expect(await approve()).toBe(200);
  expect((await decisions())[0]).toBe(
    'The release is approved anew: Traffic target "shop" was changed after others had approved it.',
  );
  expect((await command({ command: 'start' })).body.phase).toBe('progressing');
});

test('another name of the target leads nowhere else: the approval stands, as it does when all is as it was again', async () => {
  const { put, approve, command } = await start();
  await approve();
  await put('other.map');
  await put('shop.map', 'The shop');
  expect((await command({ command: 'start' })).body.phase).toBe('progressing');
});

test('what is changed after a release was scheduled keeps it from starting at its time, until it is approved anew', async () => {
  const { put, approve, command, clock, app, get } = await start();
  await approve();
  await command({ command: 'schedule', at: new Date(clock.nowMs + MINUTE_MS).toISOString() });
  await put('other.map');
  clock.nowMs += MINUTE_MS;
  await app.bunting.releaseEngine.look();
  expect(await get()).toMatchObject({
    phase: 'scheduled',
    waiting: ['Traffic target "shop" was changed since the release was approved: it must be approved anew.'],
  });
  await approve();
  await app.bunting.releaseEngine.look();
  expect((await get()).phase).toBe('progressing');
});

test('steps of a migration are approved with the release, before it begins and while it goes on', async () => {
  const { call, approve, command } = await start();
  const plan = `${PLANS}/orders`;
  const pace = (settleSeconds: number, headers = {}) => call('PATCH', plan, { settleSeconds }, headers);
  await approve();
  expect((await pace(5)).status).toBe(200);
  expect((await command({ command: 'start' })).body.message).toContain('Migration plan "orders" was changed');
  await approve();
  expect((await command({ command: 'start' })).body.phase).toBe('progressing');
  const refused = await pace(6);
  expect([refused.status, refused.body.code]).toEqual([409, 'approval_required']);
  const glass = { 'bunting-break-glass': 'true', 'bunting-comment': 'it stands still' };
  expect((await pace(6, glass)).status).toBe(200);
});
