import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { startRelay } from '../testing/start-relay.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

const PRODUCTION = '/projects/default/environments/production';
const SAMPLING = `${PRODUCTION}/context-sampling`;
const PRIVATE = '/projects/default/private-attributes';

async function start() {
  const server = await startApp();
  const url = await listen(server.app);
  const secret = async (kind: string) =>
    (await server.call('POST', `${PRODUCTION}/keys`, { kind, name: kind })).body.secret as string;
  return { ...server, url, secret };
}

test('names and types are sampled unless someone chooses otherwise, and nothing is private', async () => {
  const { call } = await start();
  expect((await call('GET', SAMPLING)).body).toEqual({ mode: 'attributes', samples: 10_000, retentionHours: 24 });
  expect((await call('GET', PRIVATE)).body).toEqual({ attributes: [], version: 0 });
});

test('what is chosen is stored and told in the audit log, once', async () => {
  const { call } = await start();
  expect((await call('PUT', SAMPLING, { mode: 'contexts' })).body).toMatchObject({ mode: 'contexts' });
  await call('PUT', SAMPLING, { mode: 'contexts' });
  const set = await call('PUT', PRIVATE, { attributes: ['user.email', 'ip', 'ip'] });
  expect(set.body).toEqual({ attributes: ['ip', 'user.email'], version: 1 });
  await call('PUT', PRIVATE, { attributes: ['user.email', 'ip'] });
  expect((await call('GET', SAMPLING)).body).toMatchObject({ mode: 'contexts' });
  expect((await call('GET', PRIVATE)).body).toEqual({ attributes: ['ip', 'user.email'], version: 1 });
  const { body } = await call('GET', '/audit?limit=3');
  expect(body.items.map(({ action, before, after }: Record<string, unknown>) => [action, before, after])).toEqual([
    [
      'project.private-attributes.updated',
      { attributes: [], version: 0 },
      { attributes: ['ip', 'user.email'], version: 1 },
    ],
    ['environment.context-sampling.updated', { mode: 'attributes' }, { mode: 'contexts' }],
    expect.anything(),
  ]);
});

test('of two who add a private attribute at once, the second is told, and no entry is lost', async () => {
  const { call } = await start();
  const { etag } = (await call('GET', PRIVATE)).headers;
  expect(etag).toBe('"0"');
  const seen = { 'if-match': String(etag) };
  expect((await call('PUT', PRIVATE, { attributes: ['email'] }, seen)).body.version).toBe(1);
  const { status, body } = await call('PUT', PRIVATE, { attributes: ['ip'] }, seen);
  expect([status, body.code, body.details.version]).toEqual([412, 'version_mismatch', 1]);
  expect(body.details.changes).toMatchObject([{ fields: ['attributes'] }]);
  const again = await call('PUT', PRIVATE, { attributes: ['email', 'ip'] }, { 'if-match': '"1"' });
  expect(again.body).toEqual({ attributes: ['email', 'ip'], version: 2 });
  expect((await call('GET', PRIVATE, undefined, { 'if-none-match': '"2"' })).status).toBe(304);
});

test.each([
  [SAMPLING, { mode: 'everything' }, 'mode'],
  [SAMPLING, {}, 'mode'],
  [PRIVATE, { attributes: ['user..email'] }, 'attributes[0]'],
  [PRIVATE, { attributes: ['.'] }, 'attributes[0]'],
  [PRIVATE, { attributes: [1] }, 'attributes[0]'],
])('PUT %s refuses %j', async (path, body, place) => {
  const { call } = await start();
  const answer = await call('PUT', path, body);
  expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
  expect(answer.body.details[0].path).toBe(place);
});

test('what is not there has no settings', async () => {
  const { call } = await start();
  expect((await call('GET', '/projects/default/environments/none/context-sampling')).status).toBe(404);
  expect((await call('PUT', '/projects/none/private-attributes', { attributes: [] })).status).toBe(404);
});

test('server SDKs are told after their hello and at every change, through relays as well; pages are not', async () => {
  const { call, url, secret } = await start();
  const key = await secret('server');
  const sdk = await connect(url, hello(key));
  const page = await connect(url, hello(await secret('client'), { context: {} }));
  const first = await sdk.next('settings');
  expect(first).toEqual({
    type: 'settings',
    contextSampling: 'attributes',
    privateAttributes: [],
    salt: expect.stringMatching(/^[\w-]{43}$/),
    maxPerMinute: 240,
  });
  const relay = await startRelay(url, { keys: [await secret('relay')] });
  await expect.poll(async () => (await relay.readiness()).code).toBe(200);
  const far = await connect(relay.url, hello(key));
  expect(await far.next('settings')).toEqual(first);
  await call('PUT', SAMPLING, { mode: 'contexts' });
  await call('PUT', PRIVATE, { attributes: ['email'] });
  for (const client of [sdk, far]) {
    expect((await client.next('settings')).contextSampling).toBe('contexts');
    expect((await client.next('settings')).privateAttributes).toEqual(['email']);
  }
  expect(page.messages.map(({ type }) => type)).not.toContain('settings');
});

test('who polls is told with every answer to what it reports', async () => {
  const { app, call, secret } = await start();
  const authorization = `Bearer ${await secret('server')}`;
  const introduction = { sdk: { name: 'test', version: '1' }, instance: { id: 'i' } };
  const payload = { connection: 'c', introduction, intervalMs: 1_000, messages: [] };
  const report = async () =>
    (await app.inject({ method: 'POST', url: '/stream/messages', headers: { authorization }, payload })).json();
  expect(await report()).toMatchObject({
    joined: true,
    settings: { contextSampling: 'attributes', maxPerMinute: 240 },
  });
  await call('PUT', SAMPLING, { mode: 'off' });
  expect(await report()).toMatchObject({ joined: false, settings: { contextSampling: 'off' } });
});

test.each([
  ['off', 'off'],
  ['contexts', 'attributes'],
])('a copy of an environment that samples %s samples %s', async (mode, copied) => {
  const { call, app } = await start();
  await call('PUT', SAMPLING, { mode });
  await call('POST', '/projects/default/environments', { key: 'copy', name: 'Copy', from: 'production' });
  const path = '/projects/default/environments/copy';
  expect((await call('GET', `${path}/context-sampling`)).body).toMatchObject({ mode: copied });
  const ruleset = app.bunting.rulesets.named('default', 'copy');
  if (ruleset === undefined) throw new Error('there is no such environment');
  const { contexts } = app.bunting;
  contexts.see(ruleset, 'page', { targetingKey: 'ann' });
  await contexts.flush();
  const seen = (await call('GET', `${path}/attributes`)).body.items;
  expect([contexts.settingsOf(ruleset).contextSampling, seen.length]).toEqual([copied, copied === 'off' ? 0 : 1]);
});

test('environments share no salt', async () => {
  const { app } = await start();
  const salts = [...app.bunting.rulesets.all()].map((ruleset) => app.bunting.contexts.settingsOf(ruleset).salt);
  expect(new Set(salts).size).toBe(salts.length);
});
