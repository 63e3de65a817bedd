import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Flags } from '@bunting/node';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { type Postgres, startPostgresFor } from '../../tools/postgres.ts';
import { makeFlag, makeKey } from '../processes/flags.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { makeTempFolder } from '../processes/temp-folder.ts';

const started = await startPostgresFor('kills on several servers');
afterAll(() => started?.stop());
const postgres = started as Postgres;

const KILL = '/projects/default/flags/a/environments/development/kill';
const REARM = '/projects/default/flags/a/environments/development/rearm';

let databaseUrl: string;
let a: TestServer;
let b: TestServer;
let flags: Flags;
let cleanUps: (() => Promise<unknown>)[];

async function startOn(url: string, env: Record<string, string> = {}, preloads: string[] = []): Promise<TestServer> {
  const adminKey = `bnt_adm_${'k'.repeat(43)}`;
  const server = await startServer({ env: { DATABASE_URL: url, ...env }, adminKey, preloads });
  cleanUps.push(() => server.remove());
  return server;
}

function connectTo({ url }: TestServer, sdkKey: string): Flags {
  const client = connect({ url, sdkKey, app: 'test', logger: {} });
  cleanUps.push(() => client.close());
  return client;
}

/** How many other servers the server counts on. */
async function peersOf({ url }: TestServer): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^bunting_peers (\d+)/m.exec(text)?.[1]);
}

async function readinessOf({ url }: TestServer): Promise<{ status: string; unstoredKills: number }> {
  return (await (await fetch(`${url}/readyz`)).json()) as never;
}

/** Resolves when the SDK answers `value` for flag a. */
async function until(value: boolean): Promise<void> {
  await expect.poll(() => flags.isEnabled('a', { targetingKey: 'x' }), { interval: 5, timeout: 5_000 }).toBe(value);
}

beforeEach(async ({ skip }) => {
  skip(started === undefined);
  cleanUps = [];
  databaseUrl = await postgres.createDatabase();
  a = await startOn(databaseUrl);
  b = await startOn(databaseUrl);
  await makeFlag(a.api, { key: 'a', type: 'boolean' }, { enabled: true });
  flags = connectTo(b, (await makeKey(b.api, 'server')).secret);
  expect(await flags.ready()).toMatchObject({ state: 'live' });
  await until(true);
  await expect.poll(() => peersOf(a), { timeout: 15_000 }).toBe(1);
});
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

test('a kill on one server is in force on the others at once, and so is a re-arm', async () => {
  const killed = await a.api.call('POST', KILL, { reason: 'errors' });
  expect(killed).toMatchObject({ epoch: 1, engaged: true, stored: true, peers: { told: 1, failed: [] } });
  await until(false);
  expect(flags.getBooleanDetails('a', true)).toMatchObject({ value: false, reason: 'DISABLED' });
  expect(await b.api.call('POST', REARM, { reason: 'fixed' })).toMatchObject({ epoch: 2, engaged: false });
  await until(true);
  const list = '/projects/default/environments/development/kills';
  await expect.poll(() => a.api.call('GET', list)).toEqual({ items: [], nextCursor: null });
});

test('with the database dead a kill is in force everywhere, and stored by whoever is left when it is back', async () => {
  await postgres.kill();
  try {
    const answering = a.api.call('POST', KILL, { reason: 'errors' });
    await until(false);
    expect(await answering).toMatchObject({ engaged: true, stored: false, peers: { told: 1, failed: [] } });
    expect(await readinessOf(a)).toMatchObject({ status: 'degraded', unstoredKills: 1 });
    await a.kill();
  } finally {
    await postgres.restart();
  }
  // One that is asked while the database starts may fail.
  const lastEvent = () => b.api.request('GET', '/audit?project=default&limit=1').then(({ body }) => body);
  const event = { action: 'flag.killed', after: { epoch: 1, reason: 'errors' } };
  await expect.poll(lastEvent, { timeout: 20_000 }).toMatchObject({ items: [event] });
  await expect.poll(() => readinessOf(b), { timeout: 20_000 }).toMatchObject({ status: 'ready', unstoredKills: 0 });
  const c = await startOn(databaseUrl);
  const late = connectTo(c, (await makeKey(c.api, 'server')).secret);
  await late.ready();
  expect(late.getBooleanDetails('a', true)).toMatchObject({ value: false, reason: 'DISABLED' });
});

test('a kill that no database has is there again after kill -9 of all servers, is told once, and can be ended', async () => {
  await postgres.kill();
  try {
    const answer = await a.api.call('POST', KILL, { reason: 'errors' });
    expect(answer).toMatchObject({ engaged: true, stored: false, kept: true, peers: { told: 1 } });
    await Promise.all([a.kill(), b.kill()]);
  } finally {
    await postgres.restart();
  }
  // Servers cannot start without the database, and start as soon as it is there.
  const restart = (server: TestServer) => expect.poll(() => server.restart(), { timeout: 20_000 }).toBeUndefined();
  await restart(a);
  const list = '/projects/default/environments/development/kills';
  const killed = { items: [{ flag: 'a', epoch: 1, reason: 'errors' }] };
  await expect.poll(() => a.api.call('GET', list), { timeout: 5_000 }).toMatchObject(killed);
  await expect.poll(() => readinessOf(a), { timeout: 20_000 }).toMatchObject({ unstoredKills: 0 });
  await a.api.call('POST', REARM, { reason: 'fixed' });
  // The disk of the other one has the kill as well: it comes late, and undoes nothing.
  await restart(b);
  await expect.poll(() => readinessOf(b), { timeout: 20_000 }).toMatchObject({ status: 'ready', unstoredKills: 0 });
  await until(true);
  for (const { api } of [a, b]) expect(await api.call('GET', list)).toMatchObject({ items: [] });
  const { items } = await b.api.call<{ items: { action: string }[] }>('GET', '/audit?project=default&flag=a');
  expect(items.filter(({ action }) => action === 'flag.killed')).toHaveLength(1);
});

test('where the disk is full a kill is in force at once all the same, and says that it is not kept', async () => {
  const folder = makeTempFolder();
  cleanUps.push(async () => folder.remove());
  const mark = join(folder.path, 'the-disk-is-full');
  const c = await startOn(databaseUrl, { DISK_FULL_FILE: mark }, [
    join(import.meta.dirname, '../processes/preloads/full-disk.ts'),
  ]);
  await expect.poll(() => peersOf(c), { timeout: 15_000 }).toBe(2);
  writeFileSync(mark, '');
  await postgres.kill();
  try {
    const answering = c.api.call('POST', KILL, { reason: 'errors' });
    await until(false);
    expect(await answering).toMatchObject({ engaged: true, stored: false, kept: false });
    expect(await (await fetch(`${c.url}/metrics`)).text()).toContain('bunting_journal_working 0');
  } finally {
    await postgres.restart();
  }
});

test('with the database frozen a kill is in force everywhere at once, and answered soon', async () => {
  postgres.pause();
  try {
    const answering = a.api.call('POST', KILL, { reason: 'errors' });
    await until(false);
    expect(await answering).toMatchObject({ engaged: true, stored: false, peers: { told: 1, failed: [] } });
  } finally {
    postgres.resume();
  }
  await expect.poll(() => readinessOf(a), { timeout: 20_000 }).toMatchObject({ unstoredKills: 0 });
});

test('with the database frozen a person who was signed in can kill', async () => {
  const account = { name: 'Owner', email: 'owner@example.com', password: 'correct horse battery staple' };
  const post = (path: string, body: object, cookie = '') =>
    fetch(`${a.url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: a.url, cookie },
      body: JSON.stringify(body),
    });
  const token = new URL(a.setupUrl).searchParams.get('token');
  const [cookie = ''] = (await post('/setup', { ...account, token })).headers.get('set-cookie')?.split(';') ?? [];
  // Whoever is about to kill a flag has looked at it.
  expect((await fetch(`${a.url}/api/v1/projects/default/flags/a`, { headers: { cookie } })).status).toBe(200);
  postgres.pause();
  try {
    const answer = await post(KILL, { reason: 'errors' }, cookie);
    expect(await answer.json()).toMatchObject({ by: { kind: 'user', name: 'Owner' }, peers: { told: 1 } });
    await until(false);
  } finally {
    postgres.resume();
  }
});

test('a server that cannot be posted to learns of kills from the database', async () => {
  const c = await startOn(databaseUrl, { BUNTING_INTERNAL_URL: 'http://127.0.0.1:9' });
  flags = connectTo(c, (await makeKey(c.api, 'server')).secret);
  await until(true);
  await expect.poll(() => peersOf(a), { timeout: 15_000 }).toBe(2);
  const answer = await a.api.call('POST', KILL, { reason: 'errors' });
  expect(answer).toMatchObject({ stored: true, peers: { told: 1, failed: [{ url: 'http://127.0.0.1:9' }] } });
  await until(false);
});

test('a hundred kills at once are all in force on the other server, and stored', async () => {
  const keys = Array.from({ length: 100 }, (_, at) => `flag-${at}`);
  for (const key of keys) await makeFlag(a.api, { key, type: 'boolean' }, { enabled: true });
  const isOn = (key: string) => flags.isEnabled(key, { targetingKey: 'x' });
  await expect.poll(() => keys.filter(isOn).length, { timeout: 10_000 }).toBe(100);
  const kill = (key: string) => a.api.call('POST', KILL.replace('/a/', `/${key}/`), { reason: 'all' });
  const answering = Promise.all(keys.map(kill));
  await expect.poll(() => keys.filter(isOn).length, { timeout: 10_000 }).toBe(0);
  for (const answer of await answering) expect(answer).toMatchObject({ stored: true, peers: { told: 1, failed: [] } });
});
