import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstIdOf } from '../store/new-id.ts';
import { startProgram } from '../testing/programs.ts';
import { startApp } from '../testing/start-app.ts';
import { type ReleaseExport, verifyExport } from './verify-export.ts';

const RELEASES = '/projects/default/releases';
const T0 = Date.parse('2026-05-04T00:00:00Z');
const MINUTE_MS = 60_000;

/** A release that was paused, resumed, set by hand, and went all the way back. */
async function startAndAbort() {
  const clock = { nowMs: T0 };
  const server = await startApp({ now: () => clock.nowMs });
  const { app, call } = server;
  await call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean' });
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  await call('PATCH', '/projects/default/flags/checkout/environments/production', off);
  const { body: release } = await call('POST', RELEASES, {
    title: 'New checkout',
    environment: 'production',
    strategy: 'flag_only',
    flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
    stages: [10_000, 100_000].map((flagsPer100k) => ({ flagsPer100k, soakSeconds: 60 })),
    bakeSeconds: 60,
  });
  for (const command of [
    { command: 'start' },
    { command: 'pause', reason: 'lunch' },
    { command: 'resume' },
    { command: 'set_weight', flagsPer100k: 5_000 },
    { command: 'abort', reason: 'enough' },
  ]) {
    clock.nowMs += MINUTE_MS;
    await call('POST', `${RELEASES}/${release.id}/commands`, command);
    await app.bunting.releaseEngine.look();
  }
  const read = async (headers = {}): Promise<ReleaseExport> =>
    (await call('GET', `${RELEASES}/${release.id}/export`, undefined, headers)).body;
  return { ...server, clock, release, read };
}

test('every decision of a release follows again, bit for bit, from what it was made of', async () => {
  const { read } = await startAndAbort();
  const exported = await read();
  expect(exported.decisions.map(({ decision }) => decision)).toContainEqual(
    expect.stringMatching(/^Paused by .*: lunch$/),
  );
  expect(verifyExport(exported)).toEqual({ same: exported.decisions.length, gates: 0, unknown: [], problems: [] });
  expect(exported.audit).toHaveLength(exported.decisions.length + 1);
});

test('decisions stay in their order though the server that made the one before had a clock that is ahead', async () => {
  const { app, call } = await startAndAbort();
  const { database } = app.bunting;
  const { body: release } = await call('POST', RELEASES, {
    ...{ title: 'Again', environment: 'production', strategy: 'flag_only' },
    flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
    stages: [{ flagsPer100k: 100_000, soakSeconds: 60 }],
  });
  const path = `${RELEASES}/${release.id}`;
  const decisions = async (): Promise<{ id: string; decision: string }[]> =>
    (await call('GET', `${path}/decisions`)).body.items;
  await call('POST', `${path}/commands`, { command: 'start' });
  const [last] = await decisions();
  const { id = '' } = last ?? {};
  const ahead = `${firstIdOf(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) + 3_600_000)}-8000-000000000000`;
  await database.updateTable('release_decisions').set({ id: ahead }).where('id', '=', id).execute();
  await call('POST', `${path}/commands`, { command: 'pause', reason: 'lunch' });
  const [newest, before] = await decisions();
  expect([newest?.decision, before?.id]).toEqual([expect.stringMatching(/lunch$/), ahead]);
});

test('how releases went is kept for a year after their end, and never forgotten while they are under way', async () => {
  const { app, call, clock, release, read } = await startAndAbort();
  const path = `${RELEASES}/${release.id}`;
  const decisions = async () => (await call('GET', `${path}/decisions?limit=200`)).body.items.length;
  const before = await decisions();
  clock.nowMs += 364 * 86_400_000;
  await app.bunting.retention.sweep();
  expect(await decisions()).toBe(before);
  await call('POST', `${path}/commands`, { command: 'retry' });
  clock.nowMs += 366 * 86_400_000;
  await app.bunting.retention.sweep();
  expect((await read()).decisions.length).toBeGreaterThan(before);
  await call('POST', `${path}/commands`, { command: 'abort', reason: 'enough' });
  clock.nowMs += 366 * 86_400_000;
  await app.bunting.retention.sweep();
  expect([(await call('GET', path)).body.phase, await decisions()]).toEqual(['aborted', 0]);
  expect((await call('GET', `${path}/export`)).body.message).toContain('is forgotten');
});

test('whatever is changed in an export is found', async () => {
  const exported = await (await startAndAbort()).read();
  const places = [...findPlaces(exported.decisions, ['decisions']), ...findPlaces(exported.spec, ['spec'])];
  fc.assert(
    fc.property(fc.constantFrom(...places), (place) => {
      const changed = structuredClone(exported);
      change(changed, place);
      expect([place, verifyExport(changed).problems]).not.toEqual([place, []]);
    }),
    { numRuns: 200 },
  );
  const dropped = { ...exported, decisions: exported.decisions.slice(1) };
  expect(verifyExport(dropped).problems).toEqual([expect.stringContaining('a decision is missing')]);
});

test('without the audit log, what does not follow from its facts is found still', async () => {
  const { read, call, release } = await startAndAbort();
  const reader = await startProgram({ call }, 'viewer', { project: 'default' });
  const role = await call('PUT', '/roles/watcher', { name: 'Watcher', permissions: ['project:read', 'release:read'] });
  expect(role.status).toBeLessThan(300);
  const watcher = await startProgram({ call }, 'watcher', { project: 'default' });
  expect((await read(reader.headers)).audit).not.toBeNull();
  const exported = await read(watcher.headers);
  expect([exported.audit, exported.release.id]).toEqual([null, release.id]);
  expect(verifyExport(exported).problems).toEqual([]);
  const [first, second, ...rest] = exported.decisions;
  if (first === undefined || second === undefined) throw new Error('there are decisions');
  const refused = { ...second, facts: { ...second.facts, problems: ['Flag "checkout" is off.'] } };
  expect(verifyExport({ ...exported, decisions: [first, refused, ...rest] }).problems).toEqual([
    expect.stringContaining('what follows is: Nothing was begun: Flag "checkout" is off.'),
  ]);
});

test('a decision of another machine, or from before, is named and not called false', async () => {
  const exported = await (await startAndAbort()).read();
  const decisions = exported.decisions.map((decision, at) => {
    if (at === 0) return { ...decision, basis: null };
    return at === 1 && decision.basis !== null ? { ...decision, basis: { ...decision.basis, machine: 0 } } : decision;
  });
  const { same, unknown, problems } = verifyExport({ ...exported, decisions, audit: null });
  expect([same, problems]).toEqual([decisions.length - 2, []]);
  expect(unknown).toEqual([
    expect.stringContaining('before what it rests on was kept'),
    expect.stringContaining('made by machine 0, and this is machine'),
  ]);
});

type Path = readonly (string | number)[];

/** Where numbers, words and truth values stand. */
function findPlaces(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, member]) => findPlaces(member, [...path, name]));
}

function change(document: unknown, path: Path): void {
  const holder = path.slice(0, -1).reduce((at, name) => (at as Record<string, unknown>)[name], document) as Record<
    string,
    unknown
  >;
  const name = path.at(-1) ?? '';
  const value = holder[name];
  holder[name] = typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : `${value}x`;
}

test('gates are judged again from what they measured, and decisions rest on what gates said', async () => {
  const clock = { nowMs: T0 };
  const { app, call } = await startApp({ now: () => clock.nowMs });
  await call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean' });
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  await call('PATCH', '/projects/default/flags/checkout/environments/production', off);
  const hours = { name: 'hours', kind: 'calendar', from: '08:00', to: '18:00' };
  const { body: release } = await call('POST', RELEASES, {
    title: 'New checkout',
    environment: 'production',
    strategy: 'flag_only',
    flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
    stages: [
      { flagsPer100k: 10_000, soakSeconds: 0, gates: [hours] },
      { flagsPer100k: 100_000, soakSeconds: 3_600 },
    ],
  });
  const stage = async () => {
    clock.nowMs += 20_000;
    await app.bunting.releaseEngine.look();
    return (await call('GET', `${RELEASES}/${release.id}`)).body.stage;
  };
  await call('POST', `${RELEASES}/${release.id}/commands`, { command: 'start' });
  expect(await stage()).toBe(0);
  clock.nowMs += 9 * 60 * MINUTE_MS;
  await expect.poll(stage, { timeout: 5_000 }).toBe(1);
  const exported: ReleaseExport = (await call('GET', `${RELEASES}/${release.id}/export`)).body;
  const { decisions, gates } = exported;
  expect(verifyExport(exported)).toEqual({ same: decisions.length, gates: 1, unknown: [], problems: [] });
  const problemsOf = (change: (copy: ReleaseExport & { gates: { measurements: unknown[] }[] }) => void) => {
    const copy = structuredClone(exported) as ReleaseExport & { gates: { measurements: unknown[] }[] };
    change(copy);
    return verifyExport(copy).problems;
  };
  const last = gates[0]?.measurements.length ?? 0;
  expect(problemsOf(({ gates: [run] }) => run?.measurements.splice(last - 1, 1, run.measurements[0]))).toEqual([
    'gate "hours" of stage 1: its measurements come to another verdict',
  ]);
  const forged = decisions.map((decision) =>
    JSON.parse(JSON.stringify(decision).replaceAll('"reason":"It is Monday 0', '"reason":"It is Tuesday 0')),
  );
  expect(verifyExport({ ...exported, decisions: forged, audit: null }).problems).toEqual([
    expect.stringContaining('gate "hours" never said: It is Tuesday 0'),
  ]);
  const forgotten = gates.map((run) => ({ ...run, measurements: run.measurements.slice(1) }));
  expect(verifyExport({ ...exported, gates: forgotten })).toMatchObject({
    unknown: ['gate "hours" of stage 1: its measurements are not kept any more'],
    problems: [],
  });
});
