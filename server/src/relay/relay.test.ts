import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CLOSE } from '@bunting/core';
import { expect, test } from 'vitest';
import { startGate } from '../testing/gate.ts';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { startRelay } from '../testing/start-relay.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

const PRODUCTION = '/projects/default/environments/production';

/** An origin with one flag and a relay key of production. */
async function startOrigin(options: Parameters<typeof startApp>[0] = {}) {
  const server = await startApp(options);
  const { call } = server;
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const key = async (kind: string) => (await call('POST', `${PRODUCTION}/keys`, { kind, name: kind })).body;
  const url = await listen(server.app);
  return { ...server, url, relayKey: (await key('relay')).secret, sdkKey: (await key('server')).secret, key };
}

const toggle = (call: TestServer['call'], enabled: boolean) =>
  call('PATCH', '/projects/default/flags/a/environments/production', { enabled });
const instance = (id: string) => ({ instance: { id } });

test('an SDK behind a relay gets what the origin serves, and its receipts count there by its own name', async () => {
  const origin = await startOrigin();
  const relay = await startRelay(origin.url, { keys: [origin.relayKey] });
  await expect.poll(relay.readiness).toMatchObject({ code: 200, body: { status: 'ready' } });
  const sdk = await connect(relay.url, hello(origin.sdkKey, instance('shop-1')));
  const snapshot = await sdk.next('snapshot');
  expect(snapshot.items).toHaveLength(1);
  const receipts = async () => (await origin.call('GET', `${PRODUCTION}/receipts`)).body;
  await expect.poll(receipts).toMatchObject({ instances: 1, confirmed: 0 });

  await toggle(origin.call, true);
  const change = await sdk.next('changes');
  expect(change.from).toBe(snapshot.revision.number);
  sdk.send({ type: 'receipt', revision: change.revision, broken: { count: 0, keys: [] } });
  await expect.poll(receipts).toMatchObject({ revision: change.revision, instances: 1, confirmed: 1 });
  expect((await origin.call('GET', `${PRODUCTION}/instances`)).body.items).toMatchObject([
    { id: 'shop-1', relay: hostname(), dataAgeMs: null },
  ]);
  // Said all the time, so it goes with what is said next.
  sdk.send({ type: 'heartbeat', dataAgeMs: 123 });
  sdk.send({ type: 'receipt', revision: change.revision, broken: { count: 1, keys: ['a'] } });
  const instances = async () => (await origin.call('GET', `${PRODUCTION}/instances`)).body.items;
  await expect.poll(instances).toMatchObject([{ dataAgeMs: 123, brokenFlags: 1 }]);
  sdk.socket.close(1000);
  await expect.poll(receipts).toMatchObject({ instances: 0, unknown: 0 });
});

test('pages and OFREP are served from a relay too', async () => {
  const origin = await startOrigin();
  await origin.call('PATCH', '/projects/default/flags/a', { clientVisible: true });
  const { secret } = await origin.key('client');
  const relay = await startRelay(origin.url, { keys: [origin.relayKey] });
  await expect.poll(relay.readiness).toMatchObject({ code: 200 });
  const page = await connect(relay.url, hello(secret, { context: { targetingKey: 'u' } }));
  expect((await page.next('values')).values).toMatchObject({ a: { value: false } });
  const headers = { authorization: `Bearer ${origin.sdkKey}` };
  const poll = await relay.app.inject({ url: '/stream/snapshot', headers });
  expect([poll.statusCode, poll.headers['stream-data-age-ms']]).toEqual([200, expect.stringMatching(/^\d+$/)]);
  const answer = await relay.app.inject({
    method: 'POST',
    url: '/ofrep/v1/evaluate/flags/a',
    headers: { authorization: `Bearer ${secret}` },
    payload: { context: { targetingKey: 'u' } },
  });
  expect(answer.json()).toMatchObject({ key: 'a', value: false });
});

test('a kill goes through two relays', async () => {
  const origin = await startOrigin();
  const first = await startRelay(origin.url, { keys: [origin.relayKey] });
  await expect.poll(first.readiness).toMatchObject({ code: 200 });
  const second = await startRelay(first.url, { keys: [origin.relayKey] });
  await expect.poll(second.readiness).toMatchObject({ code: 200 });
  const sdk = await connect(second.url, hello(origin.sdkKey, instance('deep')));
  await sdk.next('snapshot');
  const ruleset = [...origin.app.bunting.rulesets.all()].find(({ environment }) => environment === 'production');
  origin.app.bunting.rulesets.applyKill(ruleset?.environmentId ?? '', { flag: 'a', epoch: 1, engaged: true });
  expect(await sdk.next('kill')).toMatchObject({ flag: 'a', epoch: 1, engaged: true });
  const late = await connect(second.url, hello(origin.sdkKey, instance('late')));
  expect((await late.next('snapshot')).kills).toEqual([{ flag: 'a', epoch: 1, engaged: true }]);
  const instances = async () => (await origin.call('GET', `${PRODUCTION}/instances`)).body.items;
  const { items: keys } = (await origin.call('GET', `${PRODUCTION}/keys`)).body;
  const { id: key } = keys.find(({ prefix }: { prefix: string }) => origin.sdkKey.startsWith(prefix));
  await expect.poll(instances).toMatchObject([
    { id: 'deep', key },
    { id: 'late', key },
  ]);
});

test('it does not go back to what an upstream knows that has been out of touch for longer', async () => {
  const origin = await startOrigin();
  const dataDir = newFolder();
  const old = await startRelay(origin.url, { keys: [origin.relayKey], dataDir });
  await expect.poll(old.readiness).toMatchObject({ code: 200 });
  await old.app.close();

  await toggle(origin.call, true);
  const gate = await startGate(origin.url);
  const relay = await startRelay(gate.url, { keys: [origin.relayKey] });
  await expect.poll(relay.readiness).toMatchObject({ code: 200 });
  const [ruleset] = relay.app.relay.rulesets.all();
  const newest = ruleset?.revision;
  gate.cut();
  const stale = await startRelay('ws://127.0.0.1:1/stream', { keys: [origin.relayKey], dataDir });
  expect([...stale.app.relay.rulesets.all()][0]?.revision.number).toBeLessThan(newest?.number ?? 0);
  gate.target = stale.url;
  gate.isOpen = true;
  await expect.poll(() => relay.logs.join('')).toContain('the upstream knows less than this relay does');
  expect(ruleset?.revision).toEqual(newest);
  gate.cut();
  gate.target = origin.url;
  gate.isOpen = true;
  await expect.poll(relay.readiness).toMatchObject({ body: { status: 'ready' } });
});

test('while its upstream is lost it serves what it has, says how old that is, and what was missed comes after', async () => {
  const origin = await startOrigin();
  const gate = await startGate(origin.url);
  const relay = await startRelay(gate.url, { keys: [origin.relayKey] });
  await expect.poll(relay.readiness).toMatchObject({ code: 200 });
  const sdk = await connect(relay.url, hello(origin.sdkKey, instance('shop-1')));
  await sdk.next('snapshot');
  const receipts = async () => (await origin.call('GET', `${PRODUCTION}/receipts`)).body;
  await expect.poll(receipts).toMatchObject({ instances: 1, unknown: 0 });
  gate.cut();
  await expect.poll(relay.readiness).toMatchObject({ code: 200, body: { status: 'degraded' } });
  await expect.poll(receipts).toMatchObject({ instances: 0, unknown: 1 });
  const before = (await relay.readiness()).body.dataAgeMs ?? -1;
  await toggle(origin.call, true);
  await (await connect(relay.url, hello(origin.sdkKey, instance('shop-2')))).next('snapshot');
  expect((await relay.readiness()).body.dataAgeMs).toBeGreaterThan(before);

  gate.isOpen = true;
  expect((await sdk.next('changes')).items).toMatchObject([{ key: 'a' }]);
  await expect.poll(receipts).toMatchObject({ instances: 2, unknown: 0 });
  await expect.poll(relay.readiness).toMatchObject({ body: { status: 'ready' } });
});

test('an upstream that falls silent is left, without waiting for its connection to end', async () => {
  const origin = await startOrigin({ streamLimits: { heartbeatMs: 50 } });
  const gate = await startGate(origin.url);
  const linkTiming = { silenceTimeoutMs: 400, backoffMinMs: 10, backoffMaxMs: 50 };
  const relay = await startRelay(gate.url, { keys: [origin.relayKey], linkTiming });
  await expect.poll(relay.readiness).toMatchObject({ body: { status: 'ready' } });
  // Heartbeats keep it for longer than it would wait in silence.
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(gate.opened).toBe(1);
  gate.freeze();
  await expect.poll(() => relay.logs.join(''), { timeout: 3_000 }).toContain('nothing came for 400 ms');
  await expect.poll(relay.readiness, { timeout: 3_000 }).toMatchObject({ body: { status: 'ready' } });
  expect(gate.opened).toBeGreaterThan(1);
});

test('a key that is revoked at the origin ends its sockets at the relay, and is refused there from then on', async () => {
  const origin = await startOrigin();
  const gate = await startGate(origin.url);
  const relay = await startRelay(gate.url, { keys: [origin.relayKey] });
  await expect.poll(relay.readiness).toMatchObject({ code: 200 });
  const { id, secret } = await origin.key('server');
  let sdk = await connect(relay.url, hello(secret, instance('shop-1')));
  await expect.poll(() => sdk.messages[0]?.type).toBe('snapshot');
  await origin.call('DELETE', `${PRODUCTION}/keys/${id}`);
  expect((await sdk.closed).code).toBe(CLOSE.keyRefused);
  for (let attempt = 0; attempt < 20; attempt++) {
    sdk = await connect(relay.url, hello(attempt % 2 === 0 ? secret : `bnt_srv_${'x'.repeat(43)}`));
    expect((await sdk.closed).code).toBe(CLOSE.keyRefused);
  }
  // Nobody upstream was asked: the one connection is the relay's own.
  expect(gate.opened).toBe(1);
});

test('without data it is not ready, and sends nobody away for good', async () => {
  const origin = await startOrigin();
  const gate = await startGate(origin.url);
  gate.isOpen = false;
  const relay = await startRelay(gate.url, { keys: [origin.relayKey] });
  expect(await relay.readiness()).toMatchObject({ code: 503, body: { status: 'starting', dataAgeMs: null } });
  const early = await connect(relay.url, hello(origin.sdkKey));
  expect(await early.next('error')).toMatchObject({ code: 'not_ready' });
  expect((await early.closed).code).toBe(CLOSE.serviceRestart);
  gate.isOpen = true;
  await expect.poll(relay.readiness).toMatchObject({ code: 200 });
});

test('a relay key that the origin refuses is said, and takes nothing from the other environments', async () => {
  const origin = await startOrigin();
  const bad = `bnt_rly_${'x'.repeat(43)}`;
  const relay = await startRelay(origin.url, { keys: [origin.relayKey, bad] });
  await expect.poll(relay.readiness).toMatchObject({
    code: 200,
    body: { status: 'degraded', environments: [{ upstream: 'live' }, { upstream: 'refused', project: null }] },
  });
  expect(relay.logs.filter((line) => line.includes('key_refused'))).toHaveLength(1);
  const other = await connect(relay.url, hello(`bnt_srv_${'x'.repeat(43)}`));
  expect((await other.closed).code).toBe(CLOSE.keyRefused);
});

test('a relay key that is revoked ends the updates, not the answers', async () => {
  const origin = await startOrigin();
  const { id, secret } = await origin.key('relay');
  const relay = await startRelay(origin.url, { keys: [secret] });
  await expect.poll(relay.readiness).toMatchObject({ code: 200, body: { status: 'ready' } });
  await origin.call('DELETE', `${PRODUCTION}/keys/${id}`);
  await expect
    .poll(relay.readiness)
    .toMatchObject({ code: 200, body: { status: 'degraded', environments: [{ upstream: 'refused' }] } });
  await (await connect(relay.url, hello(origin.sdkKey))).next('snapshot');
});

test('what SDKs behind it counted is added up and counted at the origin, by kind of key', async () => {
  const origin = await startOrigin();
  const relay = await startRelay(origin.url, { keys: [origin.relayKey] });
  await expect.poll(relay.readiness).toMatchObject({ code: 200 });
  const exposures = [
    { flag: 'a', variant: 'on', reason: 'STATIC', count: 3 },
    { flag: 'made-up', variant: 'on', reason: 'STATIC', count: 1 },
    { flag: 'a', variant: 'made-up', reason: 'STATIC', count: 1 },
  ];
  for (const id of ['one', 'two']) {
    const sdk = await connect(relay.url, hello(origin.sdkKey, instance(id)));
    await sdk.next('snapshot');
    sdk.send({ type: 'telemetry', exposures, events: [{ name: 'checkout', count: 2, sum: 10.5 }] });
    sdk.socket.close(1000);
    await sdk.closed;
  }
  const { secret } = await origin.key('client');
  await expect.poll(() => relay.app.relay.keys.find(secret)?.kind).toBe('client');
  const page = await connect(relay.url, hello(secret, { context: {} }));
  page.send({ type: 'telemetry', exposures: [], events: [{ name: 'checkout', count: 3, sum: 1 }] });
  page.socket.close(1000);
  await page.closed;
  await relay.app.close();
  const metrics = async () => (await origin.app.inject('/metrics')).body;
  await expect.poll(metrics).toContain('environment="production",flag="a",variant="on"} 6');
  expect(await metrics()).not.toContain('made-up');
  await expect
    .poll(metrics)
    .toContain('bunting_events_total{project="default",environment="production",event="checkout"} 4');
  expect(await metrics()).toContain('environment="production",event="checkout"} 21');
  await expect
    .poll(metrics)
    .toContain('bunting_client_events_total{project="default",environment="production",event="checkout"} 3');
});

test('two keys of one environment are one too many', async () => {
  const origin = await startOrigin();
  const { secret } = await origin.key('relay');
  const relay = await startRelay(origin.url, { keys: [origin.relayKey, secret] });
  await expect.poll(() => relay.logs.join('')).toContain('two relay keys open this environment');
  await expect.poll(relay.readiness).toMatchObject({ code: 200 });
  await toggle(origin.call, true);
  const sdk = await connect(relay.url, hello(origin.sdkKey));
  await expect.poll(() => JSON.stringify(sdk.messages)).toContain('\\"enabled\\":true');
});

test('after a restart without upstream it serves last-known-good at once, and lets resume who has it', async () => {
  const origin = await startOrigin();
  const dataDir = newFolder();
  const first = await startRelay(origin.url, { keys: [origin.relayKey], dataDir });
  await expect.poll(first.readiness).toMatchObject({ code: 200 });
  const ruleset = [...first.app.relay.rulesets.all()][0];
  const kill = { flag: 'a', epoch: 7, engaged: true };
  first.app.relay.rulesets.applyKill(ruleset?.environmentId ?? '', kill);
  await first.app.close();
  const [name = '', ...others] = readdirSync(dataDir);
  expect(others).toEqual([]);
  expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600);
  const text = readFileSync(join(dataDir, name), 'utf8');
  expect(text).not.toContain('bnt_');

  await origin.app.close();
  const second = await startRelay(origin.url, { keys: [origin.relayKey], dataDir });
  expect(await second.readiness()).toMatchObject({ code: 200, body: { status: 'degraded' } });
  const sdk = await connect(second.url, hello(origin.sdkKey));
  const snapshot = await sdk.next('snapshot');
  expect(snapshot).toMatchObject({ revision: ruleset?.revision, kills: [kill], items: [{ key: 'a' }] });
  const resumed = await connect(second.url, hello(origin.sdkKey, { have: snapshot.revision }));
  expect((await resumed.next('changes')).items).toEqual([]);
});

test.each([
  ['cut off', (text: string) => text.slice(0, text.length / 2)],
  ['changed', (text: string) => text.replace('"enabled":false', '"enabled":true ')],
  ['not one at all', () => 'what is this\n'],
])('a last-known-good that is %s is refused, said once and replaced', async (_, spoil) => {
  const origin = await startOrigin();
  const dataDir = newFolder();
  const first = await startRelay(origin.url, { keys: [origin.relayKey], dataDir });
  await expect.poll(first.readiness).toMatchObject({ code: 200 });
  await first.app.close();
  const file = join(dataDir, readdirSync(dataDir)[0] ?? '');
  const good = readFileSync(file, 'utf8');
  expect(spoil(good)).not.toBe(good);
  writeFileSync(file, spoil(good));
  const gate = await startGate(origin.url);
  gate.isOpen = false;
  const second = await startRelay(gate.url, { keys: [origin.relayKey], dataDir });
  expect(await second.readiness()).toMatchObject({ code: 503, body: { status: 'starting' } });
  expect(second.logs.filter((line) => line.includes('last-known-good cannot be used'))).toHaveLength(1);
  gate.isOpen = true;
  await expect.poll(second.readiness).toMatchObject({ code: 200 });
  await second.app.close();
  expect(readFileSync(file, 'utf8').split('\n').slice(2)).toEqual(
    good
      .split('\n')
      .slice(2)
      .map((line) => (line.startsWith('{') ? expect.any(String) : line)),
  );
});

test('a server that cannot look after releases vouches for no lease any more, and neither does a relay behind it', async () => {
  const streamLimits = { heartbeatMs: 50 };
  const origin = await startOrigin({ streamLimits });
  const relay = await startRelay(origin.url, { keys: [origin.relayKey], streamLimits });
  await expect.poll(relay.readiness).toMatchObject({ code: 200 });
  const sdks = [await connect(origin.url, hello(origin.sdkKey, instance('shop-1')))];
  sdks.push(await connect(relay.url, hello(origin.sdkKey, instance('shop-2'))));
  const ages = () =>
    sdks.map(({ messages }) => {
      const last = messages.findLast((message) => message.type === 'heartbeat');
      return last?.type === 'heartbeat' ? (last.vouchAgeMs ?? 0) : undefined;
    });
  await expect.poll(ages).toEqual([0, 0]);
  await origin.app.bunting.database.destroy();
  const isOld = expect.toSatisfy((ageMs: number) => ageMs > 3_000);
  await expect.poll(ages, { timeout: 10_000 }).toEqual([isOld, isOld]);
});
