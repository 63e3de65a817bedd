import { CLOSE, type Item } from '@bunting/core';
import { expect, test } from 'vitest';
import { startApp, type TestServerOptions } from '../testing/start-app.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

const FLAG = { key: 'new-checkout', type: 'boolean', clientVisible: true };
const PRODUCTION = '/projects/default/flags/new-checkout/environments/production';

async function start(options: TestServerOptions = {}) {
  const server = await startApp(options);
  const url = await listen(server.app);
  const keyOf = (kind: 'server' | 'client', environment = 'production') => {
    const key = server.app.bunting.firstKeys.find((k) => k.kind === kind && k.environment === environment);
    if (key === undefined) throw new Error('no first key');
    return key.secret;
  };
  return { ...server, url, keyOf };
}

const flagOf = (items: readonly Item[]) => JSON.parse(items[0]?.json ?? 'null');

test('a server key gets a snapshot, then each change as it is committed', async () => {
  const { call, url, keyOf } = await start();
  await call('POST', '/projects/default/flags', FLAG);
  const client = await connect(url, hello(keyOf('server')));
  const snapshot = await client.next('snapshot');
  expect(snapshot.items.map(({ kind, key }) => `${kind} ${key}`)).toEqual(['flag new-checkout']);
  expect(flagOf(snapshot.items).enabled).toBe(false);

  const { body } = await call('PATCH', PRODUCTION, { enabled: true });
  const changes = await client.next('changes');
  expect(changes.from).toBe(snapshot.revision.number);
  expect(changes.revision).toEqual(body.revision);
  expect(new Date(changes.committedAtMs).toISOString()).toBe(body.committedAt);
  expect(flagOf(changes.items).enabled).toBe(true);
});

test('changes of another environment are not sent', async () => {
  const { call, url, keyOf } = await start();
  await call('POST', '/projects/default/flags', FLAG);
  const client = await connect(url, hello(keyOf('server', 'development')));
  await client.next('snapshot');
  await call('PATCH', PRODUCTION, { enabled: true });
  await call('PATCH', '/projects/default/flags/new-checkout/environments/development', { enabled: true });
  const changes = await client.next('changes');
  expect(flagOf(changes.items).enabled).toBe(true);
  expect(client.messages.filter(({ type }) => type === 'changes')).toHaveLength(1);
});

test('archiving a flag deletes it from what is served', async () => {
  const { call, url, keyOf } = await start();
  await call('POST', '/projects/default/flags', FLAG);
  const client = await connect(url, hello(keyOf('server')));
  await client.next('snapshot');
  await call('POST', '/projects/default/flags/new-checkout/archive');
  expect((await client.next('changes')).delete).toEqual([{ kind: 'flag', key: 'new-checkout' }]);
});

test('a client that has the current revision gets empty changes', async () => {
  const { call, url, keyOf } = await start();
  const { body } = await call('POST', '/projects/default/flags', FLAG).then(() =>
    call('PATCH', PRODUCTION, { enabled: true }),
  );
  const client = await connect(url, hello(keyOf('server'), { have: body.revision }));
  const changes = await client.next('changes');
  expect(changes).toMatchObject({ from: body.revision.number, revision: body.revision, delete: [], items: [] });
});

test('a client that is behind gets what it lacks, each item once', async () => {
  const { call, url, keyOf } = await start();
  await call('POST', '/projects/default/flags', FLAG);
  const { body: first } = await call('PATCH', PRODUCTION, { enabled: true });
  await call('PATCH', PRODUCTION, { enabled: false });
  await call('PATCH', PRODUCTION, { enabled: true });
  const { body: last } = await call('PATCH', PRODUCTION, { offVariant: 'on' });
  const client = await connect(url, hello(keyOf('server'), { have: first.revision }));
  const changes = await client.next('changes');
  expect(changes.from).toBe(first.revision.number);
  expect(changes.revision).toEqual(last.revision);
  expect(changes.items).toHaveLength(1);
  expect(flagOf(changes.items).offVariant).toBe('on');
});

test.each([
  ['another incarnation', { incarnation: 'other' }],
  ['a number from the future', { number: 99 }],
  ['another content under the same number', { hash: 'f'.repeat(32) }],
])('a client that has %s gets a snapshot', async (_, difference) => {
  const { call, url, keyOf } = await start();
  await call('POST', '/projects/default/flags', FLAG);
  const { body } = await call('PATCH', PRODUCTION, { enabled: true });
  const client = await connect(url, hello(keyOf('server'), { have: { ...body.revision, ...difference } }));
  expect((await client.next('snapshot')).revision).toEqual(body.revision);
});

test('a client key gets the values of client-visible flags for its context, and then only what differs', async () => {
  const { call, url, keyOf } = await start();
  await call('POST', '/projects/default/flags', FLAG);
  await call('POST', '/projects/default/flags', { ...FLAG, key: 'other' });
  await call('POST', '/projects/default/flags', { key: 'secret', type: 'boolean' });
  await call('PATCH', PRODUCTION, {
    enabled: true,
    defaultRule: { variant: 'off' },
    rules: [{ id: 'r', when: { attribute: 'plan', operator: 'in', values: ['pro'] }, serve: { variant: 'on' } }],
  });
  const pro = await connect(url, hello(keyOf('client'), { context: { targetingKey: 'a', plan: 'pro' } }));
  const free = await connect(url, hello(keyOf('client'), { context: { targetingKey: 'b', plan: 'free' } }));
  const whole = await pro.next('values');
  expect(whole).toMatchObject({ seq: 1, whole: true });
  expect(whole.values).toEqual({
    'new-checkout': { value: true, variant: 'on', reason: 'TARGETING_MATCH' },
    other: { value: false, variant: 'off', reason: 'DISABLED' },
  });
  expect((await free.next('values')).values['new-checkout']).toMatchObject({ value: false });

  await call('PATCH', '/projects/default/flags/secret/environments/production', { enabled: true });
  await call('PATCH', PRODUCTION, { rules: [] });
  const part = await pro.next('values');
  expect(part).toMatchObject({ seq: 2, whole: false });
  expect(part.values).toEqual({ 'new-checkout': { value: false, variant: 'off', reason: 'STATIC' } });
  await call('POST', '/projects/default/flags/new-checkout/archive');
  expect((await pro.next('values')).delete).toEqual(['new-checkout']);
  expect(pro.messages.map(({ type }) => type)).toEqual(['values', 'heartbeat', 'values', 'values']);
});

test.each([
  ['no JSON', 'hello?', CLOSE.badMessage, 'malformed_json'],
  ['no object', '[]', CLOSE.badMessage, 'bad_message'],
  ['an unknown type', { type: 'hi' }, CLOSE.badMessage, 'bad_message'],
  ['a property of every object as its type', { type: 'toString' }, CLOSE.badMessage, 'bad_message'],
  ['another message before hello', { type: 'heartbeat' }, CLOSE.badMessage, 'bad_message'],
  ['a hello without a key', { ...hello('x'), key: undefined }, CLOSE.badMessage, 'validation_failed'],
  ['a hello with a wrong type', { ...hello('x'), have: 3 }, CLOSE.badMessage, 'validation_failed'],
  ['a future protocol version', { type: 'hello', protocol: 2 }, CLOSE.protocolUnsupported, 'protocol_unsupported'],
  ['an unknown key', hello(`bnt_srv_${'x'.repeat(43)}`), CLOSE.keyRefused, 'key_refused'],
  ['an admin key', hello(`bnt_adm_${'a'.repeat(43)}`), CLOSE.keyRefused, 'key_refused'],
  ['too much', { ...hello('x'), padding: 'x'.repeat(300_000) }, CLOSE.badMessage, 'payload_too_large'],
  ['too deep a nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, CLOSE.badMessage, 'malformed_json'],
])('%s is answered by an error frame and a close', async (_, first, code, errorCode) => {
  const { url } = await start();
  const client = await connect(url, first);
  const error = await client.next('error');
  expect(error).toEqual({
    type: 'error',
    code: errorCode,
    message: expect.stringMatching(/.{20,}/),
    ...(error.details === undefined ? {} : { details: expect.anything() }),
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(await client.closed).toEqual({ code, reason: errorCode });
});

test('messages of a type that only a newer SDK knows are ignored and counted; malformed ones are not', async () => {
  const { app, call, url, keyOf } = await start();
  const client = await connect(url, hello(keyOf('server')));
  await client.next('snapshot');
  client.send({ type: 'mood', good: true });
  client.send({ type: 'toString' });
  await call('POST', '/projects/default/flags', FLAG);
  await client.next('changes');
  await expect.poll(async () => (await app.bunting.metrics.unknownMessages.get()).values[0]?.value).toBe(2);
  client.send({ type: 'receipt' });
  expect((await client.next('error')).code).toBe('validation_failed');
  expect((await client.closed).code).toBe(CLOSE.badMessage);
});

test('a binary frame is refused', async () => {
  const { url } = await start();
  const client = await connect(url);
  client.socket.send(Buffer.from('{}'));
  expect((await client.next('error')).code).toBe('bad_message');
});

test('a client key without a context, or with too large a one, is refused', async () => {
  const { url, keyOf } = await start();
  const without = await connect(url, hello(keyOf('client')));
  expect(await without.next('error')).toMatchObject({ code: 'validation_failed', details: [{ path: 'context' }] });
  const large = await connect(url, hello(keyOf('client'), { context: { note: 'x'.repeat(17_000) } }));
  expect(await large.next('error')).toMatchObject({ code: 'payload_too_large' });
  expect((await large.closed).code).toBe(CLOSE.badMessage);
});

test.each([[['bunting.v2']], [[]]])('subprotocols %j are answered by an error and 4406', async (protocols) => {
  const { url } = await start();
  const client = await connect(url, undefined, protocols);
  expect(await client.next('error')).toMatchObject({ code: 'protocol_unsupported' });
  expect((await client.closed).code).toBe(CLOSE.protocolUnsupported);
});

test('fields that a newer SDK adds to its hello pass', async () => {
  const { url, keyOf } = await start();
  const client = await connect(url, { ...hello(keyOf('server')), mood: 'good' });
  await client.next('snapshot');
});

test('a second hello ends the connection', async () => {
  const { url, keyOf } = await start();
  const client = await connect(url, hello(keyOf('server')));
  client.send(hello(keyOf('server')));
  expect((await client.next('error')).code).toBe('bad_message');
  expect((await client.closed).code).toBe(CLOSE.badMessage);
});

test('no hello in time ends the connection', async () => {
  const { url } = await start({ streamLimits: { helloTimeoutMs: 20 } });
  const client = await connect(url);
  expect((await client.next('error')).code).toBe('hello_timeout');
  expect((await client.closed).code).toBe(CLOSE.helloTimeout);
});

test('revoking a key closes its sockets at once, and no others', async () => {
  const { call, url, keyOf } = await start();
  const keys = '/projects/default/environments/production/keys';
  const { body: key } = await call('POST', keys, { kind: 'server', name: 'second' });
  const revoked = await connect(url, hello(key.secret, { instance: { id: 'a' } }));
  const other = await connect(url, hello(keyOf('server'), { instance: { id: 'b' } }));
  await Promise.all([revoked.next('snapshot'), other.next('snapshot')]);
  expect((await call('DELETE', `${keys}/${key.id}`)).status).toBe(204);
  expect((await revoked.next('error')).code).toBe('key_refused');
  expect((await revoked.closed).code).toBe(CLOSE.keyRefused);
  const again = await connect(url, hello(key.secret));
  expect((await again.closed).code).toBe(CLOSE.keyRefused);
  await call('POST', '/projects/default/flags', FLAG);
  await other.next('changes');
});

test('heartbeats tell the time, and a silent client is dropped', async () => {
  const { url, keyOf } = await start({ streamLimits: { heartbeatMs: 20, silenceMs: 100 }, now: () => 1234 });
  const client = await connect(url, hello(keyOf('server')));
  expect(await client.next('heartbeat')).toEqual({ type: 'heartbeat', timeMs: 1234, dataAgeMs: 0 });
  expect((await client.closed).code).toBe(1006);
});

test('a client that says heartbeat is kept', async () => {
  const { url, keyOf } = await start({ streamLimits: { heartbeatMs: 20, silenceMs: 200 } });
  const client = await connect(url, hello(keyOf('server')));
  for (let beats = 0; beats < 15; beats++) {
    await client.next('heartbeat');
    client.send({ type: 'heartbeat' });
  }
  expect(client.socket.readyState).toBe(client.socket.OPEN);
});

test('a socket that does not read gets what it missed as one difference when it reads again', async () => {
  const { call, url, keyOf, app } = await start();
  const variants = [{ name: 'long', value: 'x'.repeat(900_000) }];
  await call('POST', '/projects/default/flags', { key: 'big', type: 'string', variants });
  await call('POST', '/projects/default/flags', FLAG);
  const slow = await connect(url, hello(keyOf('server')));
  await slow.next('snapshot');
  slow.socket.pause();
  const lagging = async () => (await app.bunting.metrics.laggingSockets.get()).values[0]?.value;
  const toggle = (flag: string, round: number) =>
    call('PATCH', `/projects/default/flags/${flag}/environments/production`, { enabled: round % 2 === 0 });
  let rounds = 0;
  while ((await lagging()) === 0 && rounds < 100) await toggle('big', rounds++);
  for (let more = 0; more < 10; more++) await toggle('new-checkout', more);
  const { body } = await toggle('big', rounds);
  expect(slow.messages.length).toBeLessThan(rounds);
  slow.socket.resume();
  const changesOf = () => slow.messages.filter((message) => message.type === 'changes');
  await expect.poll(() => changesOf().at(-1)?.revision, { timeout: 5_000 }).toEqual(body.revision);
  await expect.poll(lagging).toBe(0);
  const changes = changesOf();
  // Those that the system took, and one for all the others.
  expect(changes.length).toBeLessThanOrEqual(rounds + 1);
  expect(
    changes
      .at(-1)
      ?.items.map(({ key }) => key)
      .sort(),
  ).toEqual(['big', 'new-checkout']);
});

test('a large snapshot is packed for who can unpack it, and followed by what was changed meanwhile', async () => {
  const { app, call, url, keyOf } = await start();
  const variants = [{ name: 'long', value: 'x'.repeat(400_000) }];
  await call('POST', '/projects/default/flags', { key: 'big', type: 'string', variants });
  const sent = async () =>
    (await app.bunting.metrics.registry.metrics()).match(/bytes_sent_total{type="snapshot"} (\d+)/)?.[1];
  const packed = await connect(url, hello(keyOf('server'), { accept: ['gzip'] }));
  const { body } = await call('POST', '/projects/default/flags', FLAG).then(() =>
    call('PATCH', PRODUCTION, { enabled: true }),
  );
  expect((await packed.next('snapshot')).items.map(({ key }) => key)).toContain('big');
  await expect
    .poll(() =>
      packed.messages.some((message) => 'revision' in message && message.revision.number === body.revision.number),
    )
    .toBe(true);
  expect(Number(await sent())).toBeLessThan(20_000);
  const plain = await connect(url, hello(keyOf('server')));
  expect((await plain.next('snapshot')).items.map(({ key }) => key)).toEqual(['big', 'new-checkout']);
  expect(Number(await sent())).toBeGreaterThan(400_000);
});

test('a kill reaches server keys as it is and client keys as values', async () => {
  const { app, call, url, keyOf } = await start();
  await call('POST', '/projects/default/flags', FLAG);
  await call('PATCH', PRODUCTION, { enabled: true });
  const backend = await connect(url, hello(keyOf('server')));
  const page = await connect(url, hello(keyOf('client'), { context: { targetingKey: 'a' } }));
  expect((await page.next('values')).values['new-checkout']).toMatchObject({ value: true });
  const { rulesets } = app.bunting;
  const environmentId = [...rulesets.all()].find(({ environment }) => environment === 'production')?.environmentId;
  rulesets.applyKill(environmentId ?? '', { flag: 'new-checkout', epoch: 1, engaged: true });
  expect(await backend.next('kill')).toEqual({ type: 'kill', flag: 'new-checkout', epoch: 1, engaged: true });
  expect((await page.next('values')).values).toEqual({
    'new-checkout': { value: false, variant: 'off', reason: 'DISABLED' },
  });
});

test('a connection of a certain age is asked to come back, and its instance is not taken for ended', async () => {
  const { call, url, keyOf } = await start({ streamLimits: { heartbeatMs: 20, maxConnectionAgeMs: 100 } });
  const client = await connect(url, hello(keyOf('server')));
  client.socket.on('message', (data) => {
    if (data.toString().includes('goodbye')) client.socket.close(1000);
  });
  expect(await client.next('goodbye')).toEqual({ type: 'goodbye', retryAfterMs: 0 });
  await client.closed;
  const receipts = async () => (await call('GET', '/projects/default/environments/production/receipts')).body;
  await expect.poll(receipts).toMatchObject({ instances: 0, unknown: 1 });
});

test('of a crowd that comes at once, those who would wait for too long are sent away before they say hello', async () => {
  const { url, keyOf, app } = await start({ streamLimits: { admitsPerSecond: 10, maxAdmissionWaitMs: 300 } });
  const clients = await Promise.all(Array.from({ length: 12 }, () => connect(url, hello(keyOf('server')))));
  await expect.poll(() => clients.every(({ messages }) => messages.length > 0)).toBe(true);
  const first = clients.map(({ messages }) => messages[0]);
  const goodbyes = first.flatMap((message) => (message?.type === 'goodbye' ? message.retryAfterMs : []));
  expect(first.filter((message) => message?.type === 'snapshot').length).toBeGreaterThanOrEqual(4);
  expect(goodbyes.length).toBeGreaterThanOrEqual(4);
  expect(new Set(goodbyes).size).toBe(goodbyes.length);
  for (const retryAfterMs of goodbyes) expect(retryAfterMs).toBeGreaterThan(300);
  await expect.poll(async () => (await app.bunting.metrics.admissionQueue.get()).values[0]?.value).toBe(0);
});

test('who waits to be let in may say more than hello already, and may leave', async () => {
  const { url, keyOf, app } = await start({ streamLimits: { admitsPerSecond: 5 } });
  await connect(url, hello(keyOf('server')));
  const [patient, hasty] = [await connect(url), await connect(url)];
  patient.send(hello(keyOf('server'), { instance: { id: 'patient' } }));
  patient.send({ type: 'heartbeat' });
  hasty.send(hello(keyOf('server'), { instance: { id: 'hasty' } }));
  hasty.socket.close(1000);
  await patient.next('snapshot');
  await expect.poll(async () => (await app.bunting.metrics.admissionQueue.get()).values[0]?.value).toBe(0);
  expect(patient.messages.filter(({ type }) => type === 'snapshot')).toHaveLength(1);
});

test('closing the server says goodbye to everyone', async () => {
  const { app, url, keyOf } = await start();
  const client = await connect(url, hello(keyOf('server')));
  await client.next('snapshot');
  await app.close();
  expect(await client.next('goodbye')).toEqual({ type: 'goodbye', retryAfterMs: 1000 });
  expect((await client.closed).code).toBe(CLOSE.serviceRestart);
});
