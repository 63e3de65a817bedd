import { expect, test } from 'vitest';
import type { TestServer } from '../testing/start-app.ts';
import { startApp } from '../testing/start-app.ts';
import { onSqlite } from '../testing/test-database.ts';
import type { Cause, Outcome, Request } from './intervention.ts';

const FLAGS = '/projects/default/flags';
const START_MS = Date.UTC(2030, 0, 1);
const MINUTE_MS = 60_000;

/** Flags a to d, and a clock. */
async function start() {
  const clock = { ms: START_MS };
  const server = await startApp({ now: () => clock.ms });
  for (const key of ['a', 'b', 'c', 'd']) await server.call('POST', FLAGS, { key, type: 'boolean' });
  const { interventions } = server.app.bunting;
  const ask = async (flag: string, more: Partial<Omit<Request, 'cause'>> = {}, cause: Partial<Cause> = {}) => {
    const targets = [{ project: 'default', environment: 'production', flag }];
    const [outcome] = await interventions.act({
      cause: causeAt(clock.ms, cause),
      action: 'kill',
      targets,
      mode: 'armed',
      ...more,
    });
    return outcome as Outcome;
  };
  return { ...server, clock, ask };
}

function causeAt(detectedAtMs: number, more: Partial<Cause> = {}): Cause {
  const actor = { kind: 'signal', id: 's1', name: 'Prometheus' } as const;
  return { kind: 'signal', id: 'b1', name: 'Checkout errors', actor, summary: 'errors at 12 %', detectedAtMs, ...more };
}

async function eventsOf({ app, call }: TestServer) {
  await app.bunting.outcomeLog.settle();
  const { items } = (await call('GET', '/audit?limit=50')).body;
  return items.filter(({ action }: { action: string }) => action.startsWith('intervention.'));
}

const isKilled = ({ app }: TestServer, flag: string) =>
  app.bunting.kills.find({ project: 'default', environment: 'production', flag }) !== undefined;

test('a kill is in force, and is told with its cause', async () => {
  const server = await start();
  const { app, call, clock } = server;
  const heard: unknown[] = [];
  app.bunting.interventions.onOutcome(({ result }, { name }) => heard.push([result, name]));
  const evidence = { failed: 12, of: 100 };
  const outcome = await server.ask('a', {}, { episode: 'e1', evidence, firstBadAtMs: START_MS - 500 });
  expect(isKilled(server, 'a')).toBe(true);
  expect(outcome).toMatchObject({ result: 'acted', killEpoch: 1, reason: 'errors at 12 %' });
  expect(heard).toEqual([['acted', 'Checkout errors']]);
  const [event] = await eventsOf(server);
  const cause = { kind: 'signal', id: 'b1', name: 'Checkout errors', summary: 'errors at 12 %', episode: 'e1' };
  expect(event).toMatchObject({
    action: 'intervention.acted',
    actor: { kind: 'signal', id: 's1', name: 'Prometheus' },
    environment: 'production',
    target: { kind: 'flag', key: 'a' },
    after: { action: 'kill', mode: 'armed', killEpoch: 1, cause: { ...cause, evidence, detectedAtMs: clock.ms } },
  });
  expect((await call('GET', `${FLAGS}/a`)).body.environments.production.killed).toMatchObject({
    by: { kind: 'signal', id: 's1', name: 'Prometheus' },
    reason: 'errors at 12 %',
  });
  expect((await app.inject('/metrics')).body).toContain('bunting_interventions_total{action="kill",result="acted"} 1');
});

test('asked a hundred times at once, a flag is killed once, and is told to be killed already once', async () => {
  const server = await start();
  const outcomes = await Promise.all(Array.from({ length: 100 }, () => server.ask('a')));
  expect(outcomes.map(({ result }) => result).sort()).toEqual(['acted', ...Array(99).fill('already')]);
  expect(new Set(outcomes.map(({ killEpoch }) => killEpoch))).toEqual(new Set([1]));
  const told = (await eventsOf(server)).map(({ action }: { action: string }) => action);
  expect(told.sort()).toEqual(['intervention.acted', 'intervention.already']);
});

test('however many alerts come of one flag, that they led to nothing is told once an hour; what each would have is told', async () => {
  const server = await start();
  const tell = async (mode: 'armed' | 'dry_run') => {
    for (const episode of ['e1', 'e2', 'e3']) await server.ask('a', { action: 'pause', mode }, { episode });
    return (await eventsOf(server)).map(({ action }: { action: string }) => action);
  };
  expect(await tell('armed')).toEqual(['intervention.already']);
  expect(await tell('dry_run')).toEqual([...Array(3).fill('intervention.would_have'), 'intervention.already']);
});

test('a dry run says what it would have done, and does nothing', async () => {
  const server = await start();
  const outcome = await server.ask('a', { mode: 'dry_run' });
  expect([outcome.result, isKilled(server, 'a')]).toEqual(['would_have', false]);
  expect(outcome.reason).toBe('Would have killed it at 2030-01-01T00:00:00.000Z: errors at 12 %');
});

test('what was found before someone re-armed a flag never kills it again; what is found later does', async () => {
  const server = await start();
  const { clock, call } = server;
  const found = START_MS;
  await server.ask('a', {}, { episode: 'e1' });
  clock.ms += MINUTE_MS;
  await call('POST', `${FLAGS}/a/environments/production/rearm`, { reason: 'fixed' });
  clock.ms += MINUTE_MS;
  expect(await server.ask('a', {}, { episode: 'e1', detectedAtMs: found })).toMatchObject({ result: 'already' });
  expect(isKilled(server, 'a')).toBe(false);
  expect(await server.ask('a', {}, { episode: 'e2' })).toMatchObject({ result: 'acted' });
});

test('what began after a kill kills nothing else for a while; what was bad before it does', async () => {
  const server = await start();
  const { clock } = server;
  await server.ask('a');
  clock.ms += 10_000;
  const held = await server.ask('b', {}, { id: 'b2' });
  expect(held).toMatchObject({ result: 'cooling_down', againAtMs: START_MS + 2 * MINUTE_MS });
  expect(held.reason).toContain('It began after "a" was killed at 2030-01-01T00:00:00.000Z');
  expect(await server.ask('c', {}, { id: 'b3', firstBadAtMs: START_MS - 1 })).toMatchObject({ result: 'acted' });
  clock.ms = START_MS + 10_000 + 2 * MINUTE_MS;
  expect(await server.ask('b', {}, { id: 'b2' })).toMatchObject({ result: 'acted' });
});

test('the flag of fire drills puts off the kill of no other', async () => {
  const server = await start();
  const { clock, call } = server;
  await call('POST', FLAGS, { key: 'bunting-fire-drill', type: 'boolean' });
  await server.ask('bunting-fire-drill');
  clock.ms += 10_000;
  expect(await server.ask('b')).toMatchObject({ result: 'acted' });
});

test('a source kills so many flags an hour, and no more', async () => {
  const server = await start();
  const { clock } = server;
  const limits = { maxKillsPerHour: 2, coolDownMs: 0 };
  const outcomes = await Promise.all(['a', 'b', 'c'].map((flag) => server.ask(flag, { limits })));
  expect(outcomes.map(({ result }) => result)).toEqual(['acted', 'acted', 'rate_limited']);
  // Another one has its own.
  const actor = { kind: 'safeguard', id: 'g1', name: 'Errors of d' } as const;
  expect(await server.ask('d', { limits }, { kind: 'safeguard', actor })).toMatchObject({ result: 'acted' });
  clock.ms += 61 * MINUTE_MS;
  expect(await server.ask('c', { limits })).toMatchObject({ result: 'acted' });
});

test('what cannot be done is told with the reason, and nothing throws', async () => {
  const server = await start();
  expect(await server.ask('nothing')).toMatchObject({
    result: 'not_allowed',
    reason: expect.stringContaining('serves no flag "nothing"'),
  });
  expect(await server.ask('a', { action: 'rollback' })).toMatchObject({ result: 'not_allowed' });
  const targets = [{ project: 'nowhere', environment: 'production', flag: 'a' }];
  const [outcome] = await server.app.bunting.interventions.act({
    ...{ cause: causeAt(START_MS), action: 'kill', targets, mode: 'armed' },
  });
  expect(outcome).toMatchObject({ result: 'not_allowed' });
});

onSqlite('what the database did not take before the server ended is stored by the next one', async () => {
  const server = await start();
  const { app, dataDir, clock } = server;
  const { database, journal } = app.bunting;
  await database.executeQuery({ sql: 'pragma query_only = on', parameters: [] } as never);
  await server.ask('a', { mode: 'dry_run' });
  await expect.poll(() => journal.counts().get('intervention')).toBe(1);
  const [told] = journal.entries('intervention');
  await app.close();
  const next = await startApp({ dataDir, now: () => clock.ms });
  expect(await eventsOf(next)).toMatchObject([
    { id: told?.id, action: 'intervention.would_have', actor: { id: 's1' } },
  ]);
  expect(next.app.bunting.journal.counts().get('intervention')).toBeUndefined();
});

onSqlite('without a writable database a kill is in force at once, and its event is stored when it can be', async () => {
  const server = await start();
  const { database } = server.app.bunting;
  const readOnly = (value: string) =>
    database.executeQuery({ sql: `pragma query_only = ${value}`, parameters: [] } as never);
  await readOnly('on');
  const acting = server.ask('a');
  await expect.poll(() => isKilled(server, 'a'), { interval: 5 }).toBe(true);
  expect(await acting).toMatchObject({ result: 'acted' });
  expect(await eventsOf(server)).toEqual([]);
  await readOnly('off');
  await expect.poll(async () => (await eventsOf(server)).length, { timeout: 8_000 }).toBe(1);
});

test('a pause holds the release that a flag is in until it is lifted, and an abort takes it back', async () => {
  const server = await start();
  const { call, ask, app } = server;
  const { interventions } = app.bunting;
  await call('PATCH', `${FLAGS}/a/environments/production`, { enabled: true, defaultRule: { variant: 'off' } });
  const flags = [{ flag: 'a', candidate: 'on', baseline: 'off' }];
  const input = { title: 'A', environment: 'production', strategy: 'flag_only', flags };
  const { id } = (await call('POST', '/projects/default/releases', input)).body;
  await call('POST', `/projects/default/releases/${id}/commands`, { command: 'start' });
  const release = async () => (await call('GET', `/projects/default/releases/${id}`)).body;

  expect(await ask('a', { action: 'pause' }, { episode: 'e1' })).toMatchObject({ result: 'acted' });
  expect(await release()).toMatchObject({ phase: 'progressing', pauses: [{ cause: 'signal', by: 'Checkout errors' }] });
  const target = { project: 'default', environment: 'production', flag: 'a' };
  const [lifted] = await interventions.lift(causeAt(START_MS, { episode: 'e1' }), [target]);
  expect([lifted?.result, (await release()).pauses]).toEqual(['lifted', []]);

  expect(await ask('a', { action: 'abort' })).toMatchObject({ result: 'acted' });
  expect(await release()).toMatchObject({ phase: 'aborted', flags: [{ weightPer100k: 0 }] });
  expect(isKilled(server, 'a')).toBe(false);
  expect(await ask('a', { action: 'abort' })).toMatchObject({ result: 'already' });
  expect(await ask('b', { action: 'pause' })).toMatchObject({ result: 'already' });
});
