import { expect, test, vi } from 'vitest';
import { MemoryTarget } from '../testing/memory-target.ts';
import { newFolder, startApp } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';
const RELEASES = '/projects/default/releases';
const MINUTE_MS = 60_000;
const canary = {
  title: 'Shop 2',
  environment: 'production',
  strategy: 'canary',
  flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
  traffic: { target: 'shop', candidate: 'v2', baseline: 'v1' },
  stages: [
    { trafficPer100k: 20_000, soakSeconds: 60 },
    { trafficPer100k: 100_000, soakSeconds: 60 },
    { flagsPer100k: 50_000, soakSeconds: 60 },
    { flagsPer100k: 100_000, soakSeconds: 60 },
  ],
  bakeSeconds: 60,
};

async function start(
  target = new MemoryTarget(),
  clock = { nowMs: Date.parse('2026-05-04T00:00:00Z') },
  dataDir = newFolder(),
) {
  const server = await startApp({ now: () => clock.nowMs, dataDir });
  const { app, call } = server;
  vi.spyOn(app.bunting.trafficTargets, 'open').mockImplementation(async (_, key) =>
    key === 'shop' ? target : undefined,
  );
  const create = async (more = {}) => (await call('POST', RELEASES, { ...canary, ...more })).body;
  const command = async (id: string, body: object) => (await call('POST', `${RELEASES}/${id}/commands`, body)).body;
  const get = async (id: string) => (await call('GET', `${RELEASES}/${id}`)).body;
  const look = () => app.bunting.releaseEngine.look();
  const pass = (ms: number) => {
    clock.nowMs += ms;
    return look();
  };
  const out = async (id: string) => [target.observed.candidatePer100k, (await get(id)).flags[0]?.weightPer100k];
  return { ...server, target, clock, dataDir, create, command, get, look, pass, out };
}

async function startWithFlag() {
  const server = await start();
  await server.call('POST', FLAGS, { key: 'checkout', type: 'boolean' });
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  await server.call('PATCH', `${FLAGS}/checkout/environments/production`, off);
  return server;
}

test('traffic goes before flags, and back after them; each is seen before the next is set', async () => {
  const { create, command, pass, out, get, target, call } = await startWithFlag();
  const { id } = await create();
  await command(id, { command: 'start' });
  expect(await out(id)).toEqual([20_000, 0]);
  await pass(MINUTE_MS);
  expect(await out(id)).toEqual([100_000, 0]);
  await pass(MINUTE_MS);
  expect(await out(id)).toEqual([100_000, 50_000]);
  await command(id, { command: 'abort', reason: 'enough' });
  expect([(await get(id)).phase, ...(await out(id))]).toEqual(['aborted', 0, 0]);
  const { items } = (await call('GET', `${RELEASES}/${id}/decisions?limit=200`)).body;
  const decisions = items.map(({ decision }: { decision: string }) => decision).toReversed();
  expect(decisions.slice(-4)).toEqual([
    'enough',
    'Taken back to baseline: "checkout".',
    'The candidate is to get 0 % of traffic.',
    'Everyone is back at baseline.',
  ]);
  expect(target.taken.map(({ candidatePer100k }) => candidatePer100k)).toEqual([20_000, 100_000, 0]);
});

test('a target that is away holds the release and its way back, and each goes on when it is there again', async () => {
  const { create, command, pass, out, get, target, look } = await startWithFlag();
  const { id } = await create();
  target.isAway = true;
  await command(id, { command: 'start' });
  expect(await get(id)).toMatchObject({ phase: 'preflight', waiting: ['The target is away: start it.'] });
  target.isAway = false;
  await look();
  expect(await out(id)).toEqual([20_000, 0]);
  target.isAway = true;
  await pass(MINUTE_MS);
  expect((await get(id)).stage).toBe(0);
  await command(id, { command: 'abort', reason: 'enough' });
  expect(await get(id)).toMatchObject({ phase: 'aborting', waiting: ['The target is away: start it.'] });
  target.isAway = false;
  await look();
  expect([(await get(id)).phase, ...(await out(id))]).toEqual(['aborted', 0, 0]);
});

test('a target that is gone for good ends its release when a person accepts what is out, and not before', async () => {
  const { create, command, look, get, out, target, call } = await startWithFlag();
  const stages = [
    { trafficPer100k: 50_000, flagsPer100k: 10_000, soakSeconds: 60 },
    { trafficPer100k: 100_000, flagsPer100k: 100_000, soakSeconds: 60 },
  ];
  const { id } = await create({ stages });
  await command(id, { command: 'start' });
  expect((await command(id, { command: 'accept' })).message).toContain('progressing: it cannot accept');
  const letGo = target.hold();
  await command(id, { command: 'abort', reason: 'enough' });
  expect((await command(id, { command: 'accept' })).message).toBe(
    'The release is aborting, and nothing keeps it from that: wait for its end.',
  );
  target.isAway = true;
  letGo();
  await expect.poll(async () => (await get(id)).waiting).toEqual(['The target is away: start it.']);
  const { phase } = await command(id, { command: 'accept' });
  expect([phase, (await get(id)).flags[0].weightPer100k]).toEqual(['superseded', 0]);
  const { items } = (await call('GET', `${RELEASES}/${id}/decisions`)).body;
  expect(items[0].decision).toBe('What is out stays, by decision of a person. The target is away: start it.');
  // Its targets are free.
  target.isAway = false;
  await look();
  expect(await out(id)).toEqual([0, 0]);
});

test('what is aborted before it began ends at once, though its target is away: the target can be corrected then', async () => {
  const { create, command, target } = await startWithFlag();
  const { id } = await create();
  target.isAway = true;
  expect((await command(id, { command: 'start' })).phase).toBe('preflight');
  expect((await command(id, { command: 'abort', reason: 'a wrong address' })).phase).toBe('aborted');
  expect(target.taken).toEqual([]);
  target.isAway = false;
  expect(await command(id, { command: 'retry' })).toMatchObject({ phase: 'progressing', attempt: 2 });
});

test('what someone else sets at the target pauses the release, and is overwritten on the way back', async () => {
  const { create, command, look, get, target, out } = await startWithFlag();
  const { id } = await create();
  await command(id, { command: 'start' });
  target.observed = { ...target.observed, candidatePer100k: 70_000 };
  await look();
  expect((await get(id)).pauses).toMatchObject([{ cause: 'drift', reason: expect.stringContaining('set to 70 %') }]);
  expect(target.observed.candidatePer100k).toBe(70_000);
  await command(id, { command: 'resume' });
  expect(await out(id)).toEqual([20_000, 0]);
  target.observed = { ...target.observed, candidatePer100k: 70_000 };
  await command(id, { command: 'abort', reason: 'enough' });
  expect(await out(id)).toEqual([0, 0]);
});

test('a lease is renewed, but never over what someone else has set meanwhile', async () => {
  const { create, command, pass, get, target, clock } = await startWithFlag();
  target.capabilities.lease = true;
  const stages = [{ trafficPer100k: 100_000, soakSeconds: 3_600 }];
  const { id } = await create({ flags: [], stages, leaseSeconds: 60 });
  await command(id, { command: 'start' });
  await pass(20_000);
  const leftOf = () => target.taken.map(({ notAfterMs = 0 }) => notAfterMs - clock.nowMs);
  expect(leftOf()).toEqual([40_000, 60_000]);
  // Nobody looked for so long that it went back by itself.
  target.observed = { ...target.observed, candidatePer100k: 0 };
  await pass(60_000);
  expect([target.observed.candidatePer100k, leftOf().at(-1)]).toEqual([100_000, 60_000]);
  target.observed = { ...target.observed, candidatePer100k: 0 };
  for (let look = 0; look < 9; look++) await pass(20_000);
  expect(target.observed.candidatePer100k).toBe(0);
  expect((await get(id)).pauses).toMatchObject([{ cause: 'drift' }]);
  await command(id, { command: 'resume' });
  expect(target.taken.at(-1)).toMatchObject({ candidatePer100k: 100_000, notAfterMs: expect.any(Number) });
});

test('a server that was stopped finds its fence refused, and whoever took over goes on', async () => {
  const first = await startWithFlag();
  const { id } = await first.create();
  await first.command(id, { command: 'start' });
  const [{ fence = 0 } = {}] = first.target.taken;
  await first.app.close();
  const second = await start(first.target, first.clock, first.dataDir);
  await second.pass(MINUTE_MS);
  expect(second.target.taken.at(-1)?.fence).toBeGreaterThan(fence);
  expect(await second.out(id)).toEqual([100_000, 0]);
  await expect(second.target.apply({ candidatePer100k: 50_000 }, fence)).rejects.toThrow(`above ${fence}`);
});

test('a newer release takes over what is out; of the older one nobody can go back any more', async () => {
  const { create, command, get, out, pass } = await startWithFlag();
  const older = await create({ title: 'Shop 2' });
  await command(older.id, { command: 'start' });
  await pass(MINUTE_MS);
  const newer = await create({ title: 'Shop 3', traffic: { ...canary.traffic, candidate: 'v3' } });
  expect((await command(newer.id, { command: 'start' })).message).toContain('"Shop 2": wait for its end, abort it');
  expect(await command(newer.id, { command: 'start', supersede: true })).toMatchObject({
    phase: 'progressing',
    stage: 0,
  });
  expect((await get(older.id)).phase).toBe('superseded');
  expect(await out(newer.id)).toEqual([20_000, 0]);
  expect((await command(older.id, { command: 'rollback', reason: 'x' })).phase).toBe('superseded');
  expect(await out(newer.id)).toEqual([20_000, 0]);
});

test('who takes over takes over all of it: else something would stay out that is nobody’s', async () => {
  const { create, command, get, pass } = await startWithFlag();
  const older = await create({ title: 'Shop 2' });
  await command(older.id, { command: 'start' });
  const start = { command: 'start', supersede: true };
  const alone = { strategy: 'flag_only', traffic: undefined, stages: [{ flagsPer100k: 100_000, soakSeconds: 60 }] };
  expect((await command((await create(alone)).id, start)).message).toContain('also moves traffic target "shop", which');
  const deploy = { flags: [], stages: [{ trafficPer100k: 100_000, soakSeconds: 60 }] };
  expect((await command((await create(deploy)).id, start)).message).toContain('also moves flag "checkout", which');
  await pass(0);
  expect((await get(older.id)).phase).toBe('progressing');
});

test('who cannot begin with what was taken over waits with it, and takes it back when that is wanted', async () => {
  const { create, command, out, look, target, call } = await startWithFlag();
  const start = { command: 'start', supersede: true };
  await command((await create()).id, start);
  target.observed = { ...target.observed, up: { candidate: 0, baseline: 1 } };
  const newer = await create({ title: 'Shop 3' });
  expect(await command(newer.id, start)).toMatchObject({
    phase: 'preflight',
    waiting: ['No instance of v2 answers its checks: deploy it first.'],
  });
  expect(await out(newer.id)).toEqual([20_000, 0]);
  target.observed = { ...target.observed, up: { candidate: 1, baseline: 1 } };
  await look();
  expect(await command(newer.id, { command: 'resume' })).toMatchObject({ phase: 'progressing' });
  await call('POST', `${FLAGS}/checkout/environments/production/kill`, { reason: 'errors' });
  const newest = await create({ title: 'Shop 4' });
  expect((await command(newest.id, start)).phase).toBe('aborted');
  expect(await out(newest.id)).toEqual([0, 0]);
});

test('what has succeeded goes back within its time, unless something newer came', async () => {
  const { create, command, get, out, pass, call } = await startWithFlag();
  const one = { stages: [{ trafficPer100k: 100_000, soakSeconds: 0 }], flags: [], bakeSeconds: 0 };
  const older = await create(one);
  await command(older.id, { command: 'start' });
  await pass(0);
  const { items } = (await call('GET', `${RELEASES}/${older.id}/decisions?limit=200`)).body;
  // It has no flags, and speaks of none.
  expect(items.map(({ decision }: { decision: string }) => decision)).toContain('traffic 100 % is served.');
  expect((await get(older.id)).phase).toBe('succeeded');
  const newer = await create({ ...one, title: 'Shop 3' });
  await command(newer.id, { command: 'start', supersede: true });
  expect((await get(newer.id)).phase).toBe('succeeded');
  expect((await command(older.id, { command: 'rollback', reason: 'late' })).message).toContain('"Shop 3" came later');
  await command(newer.id, { command: 'rollback', reason: 'late', gradual: { steps: 4, everySeconds: 10 } });
  const seen = [];
  for (let step = 0; step < 5; step++) {
    seen.push((await out(newer.id))[0]);
    await pass(10_000);
  }
  expect(seen).toEqual([75_000, 50_000, 25_000, 0, 0]);
  expect((await get(newer.id)).phase).toBe('rolled_back');
});

test('a change that takes longer than a look is waited for, once, and the release goes on when it is in force', async () => {
  const { create, command, look, get, out, target } = await startWithFlag();
  const { id } = await create();
  const letGo = target.hold();
  await command(id, { command: 'start' });
  for (let looks = 0; looks < 3; looks++) await look();
  expect([target.begun, target.taken]).toEqual([1, []]);
  const { trafficPer100k, enteredAt, waiting } = await get(id);
  expect([trafficPer100k, enteredAt]).toEqual([null, null]);
  expect(waiting).toEqual([expect.stringMatching(/^Traffic is being set to 20 %, since .*; it may take 5 s\.$/)]);
  letGo();
  await expect.poll(async () => (await get(id)).enteredAt).not.toBeNull();
  expect(await out(id)).toEqual([20_000, 0]);
  expect([target.begun, target.mostAtOnce]).toEqual([1, 1]);
});

test('an abort during a slow change takes flags back at once, and traffic as soon as that has ended', async () => {
  const { create, command, pass, get, out, target, call } = await startWithFlag();
  const stages = [
    { trafficPer100k: 50_000, flagsPer100k: 10_000, soakSeconds: 60 },
    { trafficPer100k: 100_000, flagsPer100k: 100_000, soakSeconds: 60 },
  ];
  const { id } = await create({ stages });
  await command(id, { command: 'start' });
  const letGo = target.hold();
  await pass(MINUTE_MS);
  const { phase } = await command(id, { command: 'abort', reason: 'enough' });
  expect([phase, ...(await out(id))]).toEqual(['aborting', 50_000, 0]);
  const { items } = (await call('GET', `${RELEASES}/${id}/decisions`)).body;
  expect(items[0].decision).toBe(
    'The candidate is to get 0 % of traffic, once the change to 100 % that is under way has ended.',
  );
  letGo();
  await expect.poll(async () => (await get(id)).phase).toBe('aborted');
  expect(await out(id)).toEqual([0, 0]);
  expect(target.taken.map(({ candidatePer100k }) => candidatePer100k)).toEqual([50_000, 100_000, 0]);
  expect(target.mostAtOnce).toBe(1);
});

test('who takes over during a slow change has it cut off, and waits for its end: the target gets one change at a time', async () => {
  const { create, command, pass, get, out, target } = await startWithFlag();
  const older = await create({ title: 'Shop 2' });
  await command(older.id, { command: 'start' });
  const letGo = target.hold();
  await pass(MINUTE_MS);
  expect(target.begun).toBe(2);
  const stages = [
    { trafficPer100k: 50_000, soakSeconds: 60 },
    { trafficPer100k: 100_000, flagsPer100k: 100_000, soakSeconds: 60 },
  ];
  const newer = await create({ title: 'Shop 3', traffic: { ...canary.traffic, candidate: 'v3' }, stages });
  await command(newer.id, { command: 'start', supersede: true });
  await pass(0);
  letGo();
  await expect.poll(async () => (await get(newer.id)).enteredAt).not.toBeNull();
  expect([target.mostAtOnce, ...(await out(newer.id))]).toEqual([1, 50_000, 0]);
  expect(target.taken.map(({ candidatePer100k }) => candidatePer100k)).not.toContain(100_000);
});

test('a change that takes longer than its kind may is cut off, told, and tried again', async () => {
  const { create, command, get, out, target } = await startWithFlag();
  const { id } = await create();
  target.applyTimeoutMs = 800;
  const letGo = target.hold();
  await command(id, { command: 'start' });
  await expect.poll(async () => (await get(id)).waiting.join(' ')).toContain('"shop" was not done within 0.8 s');
  letGo();
  await expect.poll(() => out(id)).toEqual([20_000, 0]);
  expect(target.mostAtOnce).toBe(1);
});

test.each([
  [
    { traffic: { ...canary.traffic, target: 'nope' } },
    'there is no traffic target "nope" in production: make it first',
  ],
  [{ needs: ['lease'] }, 'cannot do "lease"'],
  [{ stages: [{ trafficPer100k: 20_000, flagsPer100k: 30_000, soakSeconds: 1 }] }, 'must be at most trafficPer100k'],
  [{ traffic: undefined }, 'needs traffic'],
  [{ flags: [] }, 'moves nothing: the release has no flags'],
  [{ strategy: 'flag_only' }, 'is not moved by flag_only'],
  [{ strategy: 'dark_launch' }, 'give one shadowPer100k'],
  [{ strategy: 'migration' }, 'needs a migration'],
])('what cannot work is refused with its place and the fix: %j', async (more, message) => {
  const { create } = await startWithFlag();
  expect(JSON.stringify(await create(more))).toContain(JSON.stringify(message).slice(1, -1));
});
