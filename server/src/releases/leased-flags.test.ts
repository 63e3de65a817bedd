import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';
const PLACE = `${FLAGS}/checkout/environments/production`;
const RELEASES = '/projects/default/releases';
const LEASE = { variant: 'on', fallback: 'off', seconds: 60 };

async function start() {
  const clock = { nowMs: Date.parse('2026-05-04T00:00:00Z') };
  const { app, call } = await startApp({ now: () => clock.nowMs });
  const made = await call('POST', FLAGS, { key: 'checkout', type: 'boolean' });
  expect([made.status, made.body.message]).toEqual([201, undefined]);
  await call('PATCH', PLACE, { enabled: true, defaultRule: { variant: 'off' } });
  const create = (more: object = {}) =>
    call('POST', RELEASES, {
      ...{ title: 'Checkout', environment: 'production', strategy: 'flag_only', leaseSeconds: 60, bakeSeconds: 0 },
      flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
      stages: [
        { flagsPer100k: 10_000, soakSeconds: 60 },
        { flagsPer100k: 100_000, soakSeconds: 60 },
      ],
      ...more,
    });
  const command = (id: string, body: object) => call('POST', `${RELEASES}/${id}/commands`, body);
  const pass = async (seconds: number) => {
    clock.nowMs += seconds * 1000;
    await app.bunting.releaseEngine.look();
  };
  const served = async () => {
    const { defaultRule } = (await call('GET', `${FLAGS}/checkout`)).body.environments.production;
    const { ranges = [], lease = null } = defaultRule.split ?? {};
    const on = ranges.filter(({ variant }: { variant: string }) => variant === 'on');
    return { on: on.reduce((sum: number, { from, to }: { from: number; to: number }) => sum + to - from, 0), lease };
  };
  const phase = async (id: string) => (await call('GET', `${RELEASES}/${id}`)).body.phase;
  return { app, call, create, command, pass, served, phase };
}

test('what a release exposes is leased while its stages go on, and is there to stay when everyone has it', async () => {
  const { create, command, pass, served, phase } = await start();
  const { id } = (await create()).body;
  await command(id, { command: 'start' });
  expect(await served()).toEqual({ on: 10_000, lease: LEASE });
  await pass(60);
  expect(await served()).toEqual({ on: 100_000, lease: LEASE });
  await pass(60);
  expect(await served()).toEqual({ on: 100_000, lease: null });
  expect(await phase(id)).toBe('succeeded');
});

test('nothing of a lease is left where a release was aborted, or where someone gives new weights', async () => {
  const { call, create, command, pass, served } = await start();
  const { id } = (await create()).body;
  await command(id, { command: 'start' });
  await command(id, { command: 'abort', reason: 'enough' });
  expect(await served()).toEqual({ on: 0, lease: null });
  const again = (await create()).body;
  await command(again.id, { command: 'start' });
  expect(await served()).toEqual({ on: 10_000, lease: LEASE });
  const weights = [
    { variant: 'on', weightPer100k: 50_000 },
    { variant: 'off', weightPer100k: 50_000 },
  ];
  await call('POST', `${PLACE}/edits`, { edits: [{ kind: 'setRollout', weights }] });
  expect(await served()).toEqual({ on: 50_000, lease: null });
  await pass(0);
  // Who lets it go on takes over, lease and all.
  await command(again.id, { command: 'resume' });
  expect(await served()).toEqual({ on: 10_000, lease: LEASE });
});

test('a lease that SDKs could not tell from a missed heartbeat is refused', async () => {
  const { create } = await start();
  const { status, body } = await create({ leaseSeconds: 20 });
  expect([status, body.message]).toEqual([400, expect.stringContaining('leaseSeconds: must be at least 45')]);
});

test('without leaseSeconds nothing is leased', async () => {
  const { create, command, served } = await start();
  const { id } = (await create({ leaseSeconds: undefined })).body;
  await command(id, { command: 'start' });
  expect(await served()).toEqual({ on: 10_000, lease: null });
});
