import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Flags, type TransportName } from '@bunting/node';
import { afterEach, expect, test } from 'vitest';
import { makeFlag, makeKey } from '../processes/flags.ts';
import { startRelay } from '../processes/relay.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { waitFor } from '../processes/wait.ts';

const DEVELOPMENT = '/projects/default/environments/development';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Setting {
  readonly server: TestServer;
  /** An SDK in this process. */
  open(url: string, transports?: readonly TransportName[]): Flags;
  /** The targeting keys of what was sampled. */
  keys(): Promise<string[]>;
}

async function start(mode: string, env: Record<string, string> = {}): Promise<Setting> {
  const server = await startServer({ env });
  cleanups.push(() => server.remove());
  await makeFlag(server.api, { key: 'a', type: 'boolean' });
  await server.api.call('PUT', `${DEVELOPMENT}/context-sampling`, { mode });
  const { secret } = await makeKey(server.api, 'server');
  return {
    server,
    open(url, transports) {
      const options = { app: 'test', pollIntervalMs: 1_000, logger: {}, privateAttributes: ['user.phone'] };
      const flags = connect({ url, sdkKey: secret, ...options, ...(transports === undefined ? {} : { transports }) });
      cleanups.push(() => flags.close());
      return flags;
    },
    async keys() {
      const { items } = await server.api.call<{ items: { context: { targetingKey: string } }[] }>(
        'GET',
        `${DEVELOPMENT}/contexts?limit=200`,
      );
      return items.map(({ context }) => context.targetingKey).sort();
    },
  };
}

/** Evaluates until a sample is taken and told, as closing the SDK does at the latest. */
async function useAndClose(flags: Flags, context: Record<string, unknown>): Promise<void> {
  await flags.ready();
  // The settings come after the ruleset, with polls in the answer to the first report; a sample is due within 375 ms.
  const enoughMs = performance.now() + 3_000;
  await waitFor('a sample', () => {
    flags.isEnabled('a', context);
    return performance.now() > enoughMs;
  });
  await flags.close();
}

test('what an SDK evaluates for is listed, however it reaches the server', { timeout: 60_000 }, async () => {
  const { server, open, keys } = await start('contexts');
  const relay = await startRelay(server.url, (await makeKey(server.api, 'relay')).secret);
  cleanups.push(() => relay.remove());
  await Promise.all([
    useAndClose(open(server.url, ['websocket']), { targetingKey: 'websocket' }),
    useAndClose(open(server.url, ['sse']), { targetingKey: 'sse' }),
    useAndClose(open(server.url, ['polling']), { targetingKey: 'polling' }),
    useAndClose(open(relay.url), { targetingKey: 'relay' }),
  ]);
  const all = ['polling', 'relay', 'sse', 'websocket'];
  await waitFor('all samples', async () => (await keys()).length === all.length, 20_000);
  expect(await keys()).toEqual(all);
});

test('a server with workers is told as well', { timeout: 60_000 }, async () => {
  const { server, open, keys } = await start('contexts', { BUNTING_WORKERS: '1' });
  await useAndClose(open(server.url), { targetingKey: 'worker' });
  await waitFor('the sample', async () => (await keys()).length > 0, 20_000);
  expect(await keys()).toEqual(['worker']);
});

test('what is private is nowhere in the database, and the same subject is erased by its key', {
  timeout: 60_000,
}, async () => {
  const { server, open, keys } = await start('contexts');
  await server.api.call('PUT', '/projects/default/private-attributes', { attributes: ['targetingKey', 'user.email'] });
  const user = { email: 'ann-email@example.com', phone: 'ann-phone-555', plan: 'ann-plan-pro' };
  await useAndClose(open(server.url), { targetingKey: 'ann-private-key', user });
  await waitFor('the sample', async () => (await keys()).length > 0, 20_000);
  expect(await keys()).toEqual([expect.stringMatching(/^sha256:/)]);
  const bytes = readdirSync(server.dataDir)
    .filter((name) => name.includes('.db'))
    .map((name) => readFileSync(join(server.dataDir, name), 'latin1'))
    .join('');
  expect(bytes).toContain('ann-plan-pro');
  expect(bytes).not.toMatch(/ann-email|ann-phone|ann-private/);
  const erase = () => server.api.call('POST', `${DEVELOPMENT}/contexts/erase`, { targetingKey: 'ann-private-key' });
  expect([await erase(), await erase()]).toEqual([{ erased: true }, { erased: false }]);
  expect(await keys()).toEqual([]);
});
