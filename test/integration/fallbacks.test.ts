import { connect, type Flags, type TransportName } from '@bunting/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changeFlag, makeFlag, makeKey, type NewKey, readReceipts, revokeKey } from '../processes/flags.ts';
import { type HttpProxy, type HttpProxyRules, startHttpProxy } from '../processes/http-proxy.ts';
import { startRelay } from '../processes/relay.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { waitFor } from '../processes/wait.ts';

let server: TestServer;
let key: NewKey;
const cleanups: (() => Promise<void>)[] = [];

beforeEach(async () => {
  server = await startServer();
  key = await makeKey(server.api, 'server');
  await makeFlag(server.api, { key: 'target', type: 'boolean' });
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await server.remove();
});

async function openThrough(rules: Partial<HttpProxyRules>, transports?: readonly TransportName[]) {
  const proxy = await startHttpProxy(server.url, rules);
  cleanups.push(() => proxy.close());
  return { proxy, ...open(proxy.url, transports) };
}

function open(url: string, transports?: readonly TransportName[]): { flags: Flags; problems: string[] } {
  const choice = transports === undefined ? {} : { transports };
  const flags = connect({ url, sdkKey: key.secret, app: 'test', pollIntervalMs: 1_000, logger: {}, ...choice });
  const problems: string[] = [];
  flags.on('error', ({ code }) => problems.push(code));
  cleanups.push(() => flags.close());
  return { flags, problems };
}

const isConfirmed = async (instances = 1) => {
  const { confirmed, pending } = await readReceipts(server.api);
  return confirmed === instances && pending === 0;
};

/** Turns the flag, and waits until the SDK has it and the server knows. */
async function turnAndWait(flags: Flags, enabled: boolean): Promise<void> {
  const changed = new Promise((resolve) => flags.on('change', resolve));
  const { revision, committedAt } = await changeFlag(server.api, 'target', { enabled });
  expect(await changed).toEqual({ revision, keys: ['target'], committedAtMs: Date.parse(committedAt) });
  expect(flags.isEnabled('target')).toBe(enabled);
  await waitFor('the receipt', () => isConfirmed());
}

async function killAndWait(flags: Flags): Promise<void> {
  const path = '/projects/default/flags/target/environments/development/kill';
  const changed = new Promise((resolve) => flags.on('change', resolve));
  await server.api.call('POST', path, { reason: 'errors' });
  await changed;
  expect(flags.getBooleanDetails('target', true)).toMatchObject({ value: false, reason: 'DISABLED' });
}

const polls = ({ passed }: HttpProxy, status: number) =>
  passed.filter((one) => one.path === '/stream/snapshot' && one.status === status).length;

describe.each([400, 403, 503])('behind a proxy that answers %i to upgrades', (upgradeStatus) => {
  test('an SDK reads events: it is live, hears changes and kills at once, and is counted', async () => {
    const { flags, problems } = await openThrough({ upgradeStatus });
    expect(await flags.ready()).toMatchObject({ state: 'live', transport: 'sse', error: undefined });
    expect(problems).toEqual(['connection_failed']);
    await waitFor('the first receipt', () => isConfirmed());
    await turnAndWait(flags, true);
    await killAndWait(flags);
    await flags.close();
    await waitFor('the SDK to be gone', async () => (await readReceipts(server.api)).instances === 0);
  });
});

test('where events are cut, too, an SDK polls: nothing travels until something changes', async () => {
  const { flags, proxy } = await openThrough({ upgradeStatus: 403, statusOf: new Map([['/stream/events', 404]]) });
  expect(await flags.ready()).toMatchObject({ state: 'live', transport: 'polling' });
  const first = polls(proxy, 200);
  await waitFor('two polls in vain', () => polls(proxy, 304) >= 2);
  expect(polls(proxy, 200)).toBe(first);
  expect(flags.dataAgeMs).toBeLessThan(2_000);
  await turnAndWait(flags, true);
  await killAndWait(flags);
  expect(polls(proxy, 200)).toBe(first + 2);
});

test('a proxy page that is no server of ours is not taken for a refused key', async () => {
  const paths = ['/stream/events', '/stream/snapshot', '/stream/messages'];
  const { flags, problems } = await openThrough({
    upgradeStatus: 401,
    statusOf: new Map(paths.map((path) => [path, 401])),
  });
  await waitFor('some rounds', () => problems.length > 0);
  expect(await flags.ready({ timeoutMs: 500 })).toMatchObject({ state: 'default', transport: undefined });
  expect(problems).not.toContain('key_refused');
});

test('events that are cut within one go on after it, with nothing missing or twice', async () => {
  for (let i = 0; i < 20; i++) await makeFlag(server.api, { key: `more-${i}`, type: 'boolean' }, { enabled: true });
  const { flags, proxy } = await openThrough({}, ['sse']);
  // The padding and a part of the first event: nothing that came before it counts either.
  proxy.rules.cut = { path: '/stream/events', afterBytes: 2_100 };
  await waitFor('the second attempt', () => proxy.passed.filter(({ path }) => path === '/stream/events').length > 1);
  expect(flags.state).toBe('default');
  // Enough for some changes.
  proxy.rules.cut.afterBytes = 12_000;
  expect(await flags.ready()).toMatchObject({ state: 'live', transport: 'sse' });
  const numbers: number[] = [];
  flags.on('change', ({ revision }) => numbers.push(revision.number));
  let last = 0;
  for (let i = 0; i < 60; i++) {
    last = (await changeFlag(server.api, 'target', { enabled: i % 2 === 0 })).revision.number;
  }
  await waitFor('the last change', () => flags.revision?.number === last);
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(proxy.passed.filter(({ path }) => path === '/stream/events').length).toBeGreaterThan(3);
  expect(flags.isEnabled('target')).toBe(false);
  expect(flags.isEnabled('more-19')).toBe(true);
});

describe.each(['sse', 'polling'] as const)('an SDK that is told to use %s', (transport) => {
  test('is served by a relay, which tells the server of it', async () => {
    const relayKey = await makeKey(server.api, 'relay');
    const relay = await startRelay(server.url, relayKey.secret);
    cleanups.push(() => relay.remove());
    const { flags } = open(relay.url, [transport]);
    expect(await flags.ready()).toMatchObject({ state: 'live', transport });
    await waitFor('the first receipt', () => isConfirmed());
    await turnAndWait(flags, true);
    await killAndWait(flags);
  });

  test('survives a restart of the server, and is counted again', async () => {
    const { flags } = open(server.url, [transport]);
    expect(await flags.ready()).toMatchObject({ state: 'live', transport });
    await waitFor('the first receipt', () => isConfirmed());
    await server.kill();
    await server.restart();
    await turnAndWait(flags, true);
  });

  test('says that its key was refused, also when that happens while it runs', async () => {
    const { flags, problems } = open(server.url, [transport]);
    await flags.ready();
    await revokeKey(server.api, key.id);
    await waitFor('the refusal', () => problems.includes('key_refused'));
    expect(problems).toEqual(['key_refused']);
    expect(flags.state).toBe('live');
    const late = open(server.url, [transport]).flags;
    expect(await late.ready()).toMatchObject({ state: 'default', error: { code: 'key_refused' } });
  });

  test('reports what it served when it closes', async () => {
    const { flags } = open(server.url, [transport]);
    await flags.ready();
    flags.isEnabled('target');
    await flags.close();
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/evaluations\w*\{.*flag="target".*\} 1$/m);
  });
});
