import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepAdminKey, prepareDemo } from '../../tools/demo.ts';
import { demoFlags } from '../../tools/demo-flags.ts';
import { startServer, type TestServer } from '../processes/server.ts';

const development = '/projects/default/environments/development';
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  // As an earlier start leaves it that was interrupted between making a flag and setting it up.
  await server.api.call('POST', '/projects/default/flags', demoFlags.at(-1)?.flag);
});
afterAll(() => server.remove());

const prepare = () => prepareDemo({ serverUrl: server.url, adminKey: server.adminKey, dataDir: server.dataDir });
const listFlags = () =>
  server.api.call<{ items: { key: string; version: number }[] }>('GET', '/projects/default/flags');
const revision = async () =>
  (await server.api.call<{ environments: { key: string; revision: { number: number } }[] }>('GET', '/projects/default'))
    .environments[0]?.revision.number;

test('a first start makes the flags and a key that only the owner can read', async () => {
  const { sdkKey } = await prepare();
  expect(sdkKey).toMatch(/^bnt_srv_/);
  expect((await listFlags()).items.map(({ key }) => key)).toEqual(demoFlags.map(({ flag }) => flag.key).sort());
  expect(statSync(join(server.dataDir, 'demo.json')).mode & 0o777).toBe(0o600);
});

test('a second start changes nothing and finds the key again', async () => {
  const first = await prepare();
  const before = { flags: await listFlags(), revision: await revision() };
  expect(await prepare()).toEqual(first);
  expect({ flags: await listFlags(), revision: await revision() }).toEqual(before);
});

test('what people changed or archived stays so', async () => {
  await prepare();
  const checkout = '/projects/default/flags/new-checkout';
  await server.api.call('PATCH', `${checkout}/environments/development`, { enabled: false });
  await server.api.call('POST', '/projects/default/flags/trade-prices/archive');
  const before = await revision();
  await prepare();
  expect(await revision()).toBe(before);
  expect(await server.api.call('GET', checkout)).toMatchObject({ environments: { development: { enabled: false } } });
});

test('a flag whose set-up was interrupted is set up', async () => {
  await prepare();
  const interrupted = demoFlags.at(-1);
  expect(await server.api.call('GET', `/projects/default/flags/${interrupted?.flag.key}`)).toMatchObject({
    environments: { development: interrupted?.development, production: { enabled: false } },
  });
});

test('a revoked key is replaced, and so is one that was lost', async () => {
  const { sdkKey } = await prepare();
  const { shopKey } = JSON.parse(readFileSync(join(server.dataDir, 'demo.json'), 'utf8'));
  await server.api.call('DELETE', `${development}/keys/${shopKey.id}`);
  const second = await prepare();
  expect(second.sdkKey).not.toBe(sdkKey);
  writeFileSync(join(server.dataDir, 'demo.json'), '{"broken');
  chmodSync(join(server.dataDir, 'demo.json'), 0o644);
  const third = await prepare();
  expect([sdkKey, second.sdkKey]).not.toContain(third.sdkKey);
  expect(statSync(join(server.dataDir, 'demo.json')).mode & 0o777).toBe(0o600);
});

test('the admin key of a data folder is made once', () => {
  const dataDir = join(server.dataDir, 'another');
  const key = keepAdminKey(dataDir);
  expect(key).toMatch(/^bnt_adm_[A-Za-z0-9_-]{43}$/);
  expect(keepAdminKey(dataDir)).toBe(key);
});
