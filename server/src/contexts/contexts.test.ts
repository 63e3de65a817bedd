import { expect, test } from 'vitest';
import { startApp, type TestServerOptions } from '../testing/start-app.ts';
import { startRelay } from '../testing/start-relay.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';
import { hideKey, subjectOf } from './subject.ts';

const PRODUCTION = '/projects/default/environments/production';
const CONTEXTS = `${PRODUCTION}/contexts`;
const HOUR_MS = 3_600_000;

async function start(mode = 'contexts', options: TestServerOptions = {}) {
  const server = await startApp(options);
  const { app, call } = server;
  await call('PUT', `${PRODUCTION}/context-sampling`, { mode });
  const ruleset = app.bunting.rulesets.named('default', 'production');
  if (ruleset === undefined) throw new Error('there is no such environment');
  const secret = async (kind: string) =>
    (await call('POST', `${PRODUCTION}/keys`, { kind, name: kind })).body.secret as string;
  const { contexts } = app.bunting;
  /** As an SDK tells it. */
  const tell = async (...given: Record<string, unknown>[]) => {
    const samples = given.map((context) => ({ context: context as Record<string, string>, seenAtMs: now(), count: 1 }));
    contexts.record(ruleset, 'server', { attributes: [], samples });
    await contexts.flush();
  };
  const now = options.now ?? Date.now;
  const list = async (query = ''): Promise<Record<string, unknown>[]> =>
    (await call('GET', `${CONTEXTS}?limit=200&${query}`)).body.items.map(
      ({ context }: { context: Record<string, unknown> }) => context,
    );
  const salt = contexts.settingsOf(ruleset).salt;
  const subject = (targetingKey: string) => subjectOf(salt, { targetingKey });
  /** All that is stored of contexts, as text. */
  const stored = async () => {
    const { database } = app.bunting;
    const samples = await database.selectFrom('context_samples').selectAll().execute();
    const seen = await database.selectFrom('attributes_seen').selectAll().execute();
    return JSON.stringify([samples, seen]);
  };
  return { ...server, ruleset, contexts, secret, tell, list, salt, subject, stored };
}

const attribute = (path: string, type = 'string') => ({ path, type, count: 1 });
const sample = (context: object) => ({ context, seenAtMs: Date.now(), count: 2 });

test('what SDKs tell by WebSocket, by POST and through a relay is listed, and what pages are evaluated for', async () => {
  const { app, call, secret, contexts, list } = await start();
  const url = await listen(app);
  const key = await secret('server');
  const tell = (id: string) => ({
    type: 'contexts',
    attributes: [attribute('plan')],
    samples: [sample({ targetingKey: id, plan: 'pro' })],
  });
  (await connect(url, hello(key))).send(tell('socket'));
  const introduction = { sdk: { name: 'test', version: '1' }, instance: { id: 'i' } };
  const report = { connection: 'c', introduction, intervalMs: 1_000, messages: [tell('post')], isClosing: true };
  const headers = { authorization: `Bearer ${key}` };
  expect((await app.inject({ method: 'POST', url: '/stream/messages', headers, payload: report })).statusCode).toBe(
    200,
  );
  const relay = await startRelay(url, { keys: [await secret('relay')] });
  await expect.poll(async () => (await relay.readiness()).code).toBe(200);
  const far = await connect(relay.url, hello(key));
  await far.next('settings');
  far.send(tell('relay'));
  const clientKey = await secret('client');
  await (await connect(url, hello(clientKey, { context: { targetingKey: 'page', beta: true } }))).next('values');
  const flushed = async () => {
    for (const environment of relay.app.relay.environments) environment.contexts.flush();
    await contexts.flush();
    return (await list()).map(({ targetingKey }) => targetingKey).sort();
  };
  await expect.poll(flushed).toEqual(['page', 'post', 'relay', 'socket']);
  expect(await list('source=page')).toEqual([{ targetingKey: 'page', beta: true }]);
  const { body } = await call('GET', `${PRODUCTION}/attributes`);
  expect(body.items.map(({ path, type, source }: Record<string, string>) => `${path} ${type} ${source}`)).toEqual([
    'beta boolean page',
    'plan string server',
    'targetingKey string page',
  ]);
});

test.each([
  ['a page that polls', 'client', '/stream/values', 'page'],
  ['a page that asks by OFREP', 'client', '/ofrep/v1/evaluate/flags', 'page'],
  ['a server that asks by OFREP', 'server', '/ofrep/v1/evaluate/flags', 'server'],
])('the contexts of %s are sampled', async (_, kind, url, source) => {
  const { app, secret, contexts, list } = await start();
  const headers = { authorization: `Bearer ${await secret(kind)}` };
  const payload = { context: { targetingKey: 'ann', plan: 'pro' } };
  expect((await app.inject({ method: 'POST', url, headers, payload })).statusCode).toBe(200);
  await contexts.flush();
  expect(await list(`source=${source}`)).toEqual([payload.context]);
});

test('a page sends no contexts but its own', async () => {
  const { app, secret, contexts, list } = await start();
  const page = await connect(await listen(app), hello(await secret('client'), { context: { targetingKey: 'page' } }));
  page.send({ type: 'contexts', attributes: [attribute('forged')], samples: [sample({ targetingKey: 'forged' })] });
  page.send({ type: 'heartbeat' });
  await page.next('values');
  await contexts.flush();
  await expect.poll(() => list()).toEqual([{ targetingKey: 'page' }]);
});

test.each([
  ['off', 0],
  ['attributes', 2],
])('where sampling is %s no context is stored, whatever an SDK sends', async (mode, attributes) => {
  const { contexts, ruleset, call, list, stored } = await start(mode);
  contexts.record(ruleset, 'server', {
    attributes: [attribute('plan') as never],
    samples: [sample({ a: 'secret' }) as never],
  });
  contexts.see(ruleset, 'page', { targetingKey: 'secret' });
  await contexts.flush();
  expect(await list()).toEqual([]);
  expect((await call('GET', `${PRODUCTION}/attributes`)).body.items).toHaveLength(attributes);
  expect(await stored()).not.toContain('secret');
});

test('what is private is not stored, though an SDK that does not know sends it', async () => {
  const { call, contexts, ruleset, tell, list, stored, salt } = await start();
  await call('PUT', '/projects/default/private-attributes', { attributes: ['user.email', 'targetingKey'] });
  contexts.record(ruleset, 'server', {
    attributes: [attribute('user.email') as never, attribute('user.id') as never],
    samples: [],
  });
  await tell({ targetingKey: 'ann', user: { email: 'ann@example.com', id: 'u1' }, 'user.email': 'other@example.com' });
  expect(await list()).toEqual([{ targetingKey: hideKey(salt, 'ann'), user: { id: 'u1' } }]);
  // An SDK that knows hides the key itself: it is the same subject.
  await tell({ targetingKey: hideKey(salt, 'ann'), user: { id: 'u1' } });
  expect(await list()).toHaveLength(1);
  expect(await stored()).not.toMatch(/example\.com|"ann"|user\.email/);
});

test('what becomes private is forgotten, in the database and in memory', async () => {
  const { call, contexts, ruleset, tell, list, stored } = await start();
  contexts.record(ruleset, 'server', {
    attributes: [attribute('email') as never, attribute('plan') as never],
    samples: [],
  });
  await tell({ targetingKey: 'ann', email: 'ann@example.com' });
  const waiting = [sample({ targetingKey: 'ben', email: 'ben@example.com' }) as never];
  contexts.record(ruleset, 'server', { attributes: [], samples: waiting });
  await call('PUT', '/projects/default/private-attributes', { attributes: ['email'] });
  await contexts.flush();
  expect(await list()).toEqual([]);
  expect(await stored()).not.toMatch(/email/);
  expect(await stored()).toContain('plan');
  await tell({ targetingKey: 'ann' });
  await call('PUT', `${PRODUCTION}/context-sampling`, { mode: 'attributes' });
  expect(await stored()).not.toContain('ann');
});

test('of more subjects than are kept a fair part is: the same, however often and in what order they come', async () => {
  const { tell, list, subject } = await start('contexts', { config: { contextSamples: 100 } });
  const keys = Array.from({ length: 700 }, (_, at) => `user-${at}`);
  const kept = keys.toSorted((a, b) => (subject(a) < subject(b) ? -1 : 1)).slice(0, 100);
  for (let from = 0; from < keys.length; from += 100) {
    await tell(...keys.slice(from, from + 100).map((targetingKey) => ({ targetingKey })), { targetingKey: 'user-0' });
  }
  await tell(...keys.slice(0, 300).map((targetingKey) => ({ targetingKey })));
  expect((await list()).map(({ targetingKey }) => targetingKey).sort()).toEqual(kept.sort());
});

test('when those that are kept are gone, others take their place', async () => {
  let nowMs = Date.now();
  const { tell, list, subject } = await start('contexts', { now: () => nowMs, config: { contextSamples: 100 } });
  const keys = Array.from({ length: 200 }, (_, at) => `user-${at}`).sort((a, b) => (subject(a) < subject(b) ? -1 : 1));
  await tell(...keys.map((targetingKey) => ({ targetingKey })));
  const others = keys.slice(100).map((targetingKey) => ({ targetingKey }));
  await tell(...others);
  expect(await list()).toHaveLength(100);
  nowMs += 25 * HOUR_MS;
  await tell(...others);
  expect((await list()).map(({ targetingKey }) => targetingKey).sort()).toEqual(keys.slice(100).sort());
});

test('contexts are forgotten a day after they were seen last', async () => {
  let nowMs = Date.now();
  const { tell, list, stored, call, subject } = await start('contexts', { now: () => nowMs });
  await tell({ targetingKey: 'ann' }, { targetingKey: 'ben' });
  nowMs += 23 * HOUR_MS;
  await tell({ targetingKey: 'ben', plan: 'pro' });
  expect(await list()).toHaveLength(2);
  nowMs += 2 * HOUR_MS;
  expect(await list()).toEqual([{ targetingKey: 'ben', plan: 'pro' }]);
  expect((await call('GET', `${CONTEXTS}/${subject('ann')}`)).status).toBe(404);
  const ben = (await call('GET', `${CONTEXTS}/${subject('ben')}`)).body;
  expect(ben).toMatchObject({ count: 2, source: 'server', cut: false });
  expect(Date.parse(ben.lastSeenAt) - Date.parse(ben.firstSeenAt)).toBe(23 * HOUR_MS);
  await tell({ targetingKey: 'cid' });
  expect(await stored()).not.toContain('ann');
});

test('contexts come in pages, those seen last first, and are found by what is in them', async () => {
  let nowMs = Date.now();
  const { tell, call, list } = await start('contexts', { now: () => nowMs });
  for (const [at, plan] of ['free', 'PRO_100%', 'pro', 'free', 'free'].entries()) {
    nowMs += 1_000;
    await tell({ targetingKey: `u${at}`, plan });
  }
  const keys: string[] = [];
  for (let cursor = ''; cursor !== null; ) {
    const { body } = await call('GET', `${CONTEXTS}?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    keys.push(...body.items.map((item: { context: { targetingKey: string } }) => item.context.targetingKey));
    cursor = body.nextCursor;
  }
  expect(keys).toEqual(['u4', 'u3', 'u2', 'u1', 'u0']);
  expect(await list('search=Pro')).toHaveLength(2);
  expect(await list('search=100%25')).toHaveLength(1);
  expect(await list('search=_')).toHaveLength(1);
});

test('attributes come in pages by path, and are bounded', async () => {
  const { contexts, ruleset, call } = await start();
  for (let from = 0; from < 1_200; from += 400) {
    const attributes = Array.from({ length: 400 }, (_, at) => attribute(`name-${from + at}`) as never);
    contexts.record(ruleset, 'server', { attributes, samples: [] });
    await contexts.flush();
  }
  const paths: string[] = [];
  for (let cursor = ''; cursor !== null; ) {
    const { body } = await call('GET', `${PRODUCTION}/attributes?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`);
    paths.push(...body.items.map(({ path }: { path: string }) => path));
    cursor = body.nextCursor;
  }
  expect(paths).toHaveLength(500);
  expect(new Set(paths).size).toBe(500);
  expect((await call('GET', `${PRODUCTION}/attributes?search=NAME-399`)).body.items).toMatchObject([
    { path: 'name-399' },
  ]);
});

test('a subject is erased by its name or its key, and neither the key nor the context is in any log', async () => {
  const { app, call, tell, list, subject, logs, stored } = await start();
  await tell({ targetingKey: 'ann@example.com' }, { targetingKey: 'ben@example.com' }, { targetingKey: 'cid' });
  expect((await call('DELETE', `${CONTEXTS}/${subject('ann@example.com')}`)).status).toBe(204);
  expect((await call('DELETE', `${CONTEXTS}/${subject('ann@example.com')}`)).status).toBe(404);
  expect(await list('search=ben@example.com')).toHaveLength(1);
  const erase = () => call('POST', `${CONTEXTS}/erase`, { targetingKey: 'ben@example.com' });
  expect([(await erase()).body, (await erase()).body]).toEqual([{ erased: true }, { erased: false }]);
  expect(await list()).toEqual([{ targetingKey: 'cid' }]);
  const { body } = await call('GET', '/audit?limit=2');
  expect(body.items).toMatchObject([
    { action: 'context.erased', target: { kind: 'context', key: subject('ben@example.com') }, before: null },
    { action: 'context.erased', target: { kind: 'context', key: subject('ann@example.com') }, before: null },
  ]);
  const events = await app.bunting.database.selectFrom('audit_events').selectAll().execute();
  expect(JSON.stringify(events) + logs.join('') + (await stored())).not.toContain('example.com');
});

test('what waits to be stored does not bring back who was erased', async () => {
  const { call, contexts, ruleset, tell, list } = await start();
  await tell({ targetingKey: 'ann' });
  contexts.record(ruleset, 'server', { attributes: [], samples: [sample({ targetingKey: 'ann' }) as never] });
  await call('POST', `${CONTEXTS}/erase`, { targetingKey: 'ann' });
  await contexts.flush();
  expect(await list()).toEqual([]);
});

test('a restart stores what waits, and keeps what is stored', async () => {
  const { app, dataDir, contexts, ruleset } = await start();
  contexts.record(ruleset, 'server', { attributes: [], samples: [sample({ targetingKey: 'ann' }) as never] });
  await app.close();
  const again = await startApp({ dataDir });
  const { body } = await again.call('GET', CONTEXTS);
  expect(body.items).toMatchObject([{ context: { targetingKey: 'ann' } }]);
});

test('contexts that cannot be stored wait, and are given up in the end', async () => {
  const { app, contexts, ruleset, list, call } = await start();
  const { database } = app.bunting;
  await database.schema.alterTable('context_samples').renameTo('elsewhere').execute();
  contexts.record(ruleset, 'server', { attributes: [], samples: [sample({ targetingKey: 'kept' }) as never] });
  await contexts.flush();
  await database.schema.alterTable('elsewhere').renameTo('context_samples').execute();
  await contexts.flush();
  expect(await list()).toEqual([{ targetingKey: 'kept' }]);
  await database.schema.alterTable('context_samples').renameTo('elsewhere').execute();
  contexts.record(ruleset, 'server', { attributes: [], samples: [sample({ targetingKey: 'lost' }) as never] });
  for (let attempt = 0; attempt < 6; attempt++) await contexts.flush();
  await database.schema.alterTable('elsewhere').renameTo('context_samples').execute();
  await contexts.flush();
  expect(await list()).toHaveLength(1);
  const metrics = (await app.inject('/metrics')).body;
  expect(metrics).toContain('bunting_contexts_dropped_total 1');
  expect((await call('GET', `${PRODUCTION}/attributes`)).status).toBe(200);
});

test('a message that cannot be understood is refused, with its place', async () => {
  const { app, secret } = await start();
  const sdk = await connect(await listen(app), hello(await secret('server')));
  sdk.send({ type: 'contexts', attributes: [], samples: [{ context: 'text', seenAtMs: 0, count: 1 }] });
  expect((await sdk.next('error')).message).toContain('samples[0].context');
});

test('whatever is in a context is stored and found again', async () => {
  const { tell, list, call } = await start();
  const odd = {
    targetingKey: 'ü🎏 "\\\' \u0000 \ud800',
    'na\u0001me': 'x',
    plan: `${'字'.repeat(300)}`,
    n: 1e308,
    empty: {},
  };
  await tell(odd);
  const [context] = await list();
  expect(context).toMatchObject({ targetingKey: odd.targetingKey, n: 1e308 });
  expect(Object.keys(context ?? {}).sort()).toEqual(['empty', 'n', 'plan', 'targetingKey']);
  expect((await call('GET', CONTEXTS)).body.items).toMatchObject([{ cut: true }]);
});
