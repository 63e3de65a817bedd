import { CLOSE, SUBPROTOCOL } from '@bunting/core';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { startApp } from '../testing/start-app.ts';
import { hello, listen } from '../testing/stream-client.ts';

const PRODUCTION = '/projects/default/environments/production';

/** A relay's end of the line, spoken by hand. */
async function connectRelay(url: string, key: string) {
  const socket = new WebSocket(url, SUBPROTOCOL);
  onTestFinished(() => socket.terminate());
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect; a wrong guess fails them
  const messages: any[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(data.toString().split('\n')[0] ?? '')));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise((resolve) => socket.on('open', resolve));
  const send = (message: unknown) => socket.send(JSON.stringify(message));
  send(hello(key, { instance: { id: 'relay-1', host: 'edge-1' } }));
  const of = (type: string) => messages.filter((message) => message.type === type);
  await expect.poll(() => of('snapshot')).toHaveLength(1);
  return { messages, of, send, closed, socket };
}

async function start() {
  const { app, call } = await startApp();
  const { body: key } = await call('POST', `${PRODUCTION}/keys`, { kind: 'relay', name: 'Edge' });
  const relay = await connectRelay(await listen(app), key.secret);
  const receipts = async () => (await call('GET', `${PRODUCTION}/receipts`)).body;
  const instances = async () => (await call('GET', `${PRODUCTION}/instances`)).body.items;
  return { app, call, key, relay, receipts, instances };
}

const sdk = { name: 'sdk-node', version: '1.0.0' };
const join = (member: number, id: string, fields = {}) => ({
  member,
  instance: { id },
  sdk,
  connectedAtMs: 1_000,
  ...fields,
});
const nothing = { type: 'instances', joins: [], receipts: [], kills: [], ages: [], leaves: [] };

test('a relay key is told whose keys hold, before the ruleset and whenever one is made or revoked', async () => {
  const { app, call, key, relay } = await start();
  expect(key).toMatchObject({ kind: 'relay', secret: expect.stringMatching(/^bnt_rly_[\w-]{43}$/) });
  const [first] = relay.messages;
  expect(first).toMatchObject({ type: 'keys', project: 'default', environment: 'production' });
  expect(first.keys.map(({ kind }: { kind: string }) => kind).sort()).toEqual(['client', 'relay', 'server']);
  expect(JSON.stringify(first)).not.toContain('bnt_');

  const { body: made } = await call('POST', `${PRODUCTION}/keys`, { kind: 'server', name: 'Shop' });
  await expect.poll(() => relay.of('keys').at(-1).keys).toHaveLength(4);
  await call('POST', '/projects/default/environments/development/keys', { kind: 'server', name: 'Other' });
  await call('DELETE', `${PRODUCTION}/keys/${made.id}`);
  await expect.poll(() => relay.of('keys').at(-1).keys).toHaveLength(3);
  expect(relay.of('keys')).toHaveLength(3);

  const environmentId = app.bunting.keyRing.findById(key.id)?.key.environmentId ?? '';
  expect(first.environmentId).toBe(environmentId);
  await call('DELETE', `${PRODUCTION}/keys/${key.id}`);
  expect(await relay.closed).toBe(CLOSE.keyRefused);
});

test('it gets changes as an SDK does, but is no instance itself', async () => {
  const { call, relay, receipts } = await start();
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  await expect.poll(() => relay.of('changes')).toHaveLength(1);
  expect(await receipts()).toMatchObject({ instances: 0 });
});

test('it speaks for the instances behind it, by their names', async () => {
  const { relay, receipts, instances } = await start();
  const { revision } = relay.of('snapshot')[0];
  relay.send({ ...nothing, joins: [join(1, 'a'), join(2, 'b', { via: 'edge-2' }), join(3, 'c')] });
  await expect.poll(receipts).toMatchObject({ instances: 3, confirmed: 0, pending: 3 });
  relay.send({ ...nothing, receipts: [{ revision, brokenFlags: 0, members: [1, 2, 99] }] });
  await expect.poll(receipts).toMatchObject({ instances: 3, confirmed: 2 });
  expect(await instances()).toMatchObject([
    { id: 'a', sdk, relay: 'edge-1', connectedAt: new Date(1_000).toISOString(), revision },
    { id: 'b', relay: 'edge-2', revision },
    { id: 'c', relay: 'edge-1', revision: null },
  ]);
  relay.send({ ...nothing, leaves: [{ ending: 'closed', members: [1] }] });
  await expect.poll(receipts).toMatchObject({ instances: 2, unknown: 0 });
});

test('it passes on which of them answer by a kill', async () => {
  const { call, relay, receipts } = await start();
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  relay.send({ ...nothing, joins: [join(1, 'a'), join(2, 'b')] });
  await expect.poll(receipts).toMatchObject({ instances: 2 });
  await call('POST', '/projects/default/flags/a/environments/production/kill', { reason: 'errors' });
  await expect.poll(() => relay.of('kill')).toHaveLength(1);
  relay.send({ ...nothing, kills: [{ flag: 'a', epoch: 1, engaged: true, members: [2] }] });
  const killed = async () => (await call('GET', `${PRODUCTION}/kills/a/receipts`)).body;
  await expect.poll(killed).toMatchObject({ instances: 2, confirmed: 1, pending: 1, lastMs: expect.any(Number) });
});

test('with its connection its instances become unknown, and known again when it comes back', async () => {
  const { app, key, relay, receipts } = await start();
  relay.send({ ...nothing, joins: [join(1, 'a'), join(2, 'b')] });
  await expect.poll(receipts).toMatchObject({ instances: 2 });
  relay.socket.close(1000);
  await expect.poll(receipts).toMatchObject({ instances: 0, unknown: 2 });
  const address = app.server.address() as { port: number };
  const again = await connectRelay(`ws://127.0.0.1:${address.port}/stream`, key.secret);
  again.send({ ...nothing, joins: [join(1, 'a'), join(2, 'b')] });
  await expect.poll(receipts).toMatchObject({ instances: 2, unknown: 0 });
});

test('its telemetry counts for the kind of key that it names', async () => {
  const { app, call, relay } = await start();
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const exposures = [{ flag: 'a', variant: 'on', count: 3 }];
  relay.send({ type: 'telemetry', from: 'server', exposures });
  const counted = async () => (await app.inject('/metrics')).body;
  await expect
    .poll(counted)
    .toContain('bunting_evaluations_total{project="default",environment="production",flag="a",variant="on"} 3');
});

test.each([
  ['a type of its own', { type: 'instances' }],
  ['what is no number', { ...nothing, joins: [join('1' as never, 'a')] }],
  ['telemetry of nobody', { type: 'telemetry', exposures: [] }],
])('refuses %s that is not as described', async (_, message) => {
  const { relay } = await start();
  relay.send(message);
  expect(await relay.closed).toBe(CLOSE.badMessage);
  expect(relay.of('error')[0]).toMatchObject({ code: 'validation_failed' });
});
