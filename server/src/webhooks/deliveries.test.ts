import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startMailServer } from '../testing/mail-server.ts';
import { startApp } from '../testing/start-app.ts';
import { config, HOOKS, makeFlag, startReceiver, startWith } from './receiver.test.fixture.ts';
import { readRetryAfter, waitAfter } from './retries.ts';

test('a failed delivery is made again later, with the same id, until it succeeds', async () => {
  const { url, received } = await startReceiver([500, 200]);
  const server = await startWith({ url });
  await makeFlag(server, 'a');
  await expect.poll(server.deliveries).toMatchObject([{ state: 'pending', attempts: 1, lastError: 'answered 500' }]);
  await expect.poll(async () => (await server.call('GET', server.path)).body.failingSince).not.toBeNull();
  await server.hurry();
  await expect.poll(server.deliveries, { timeout: 5_000 }).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  expect(received[0]?.headers['webhook-id']).toBe(received[1]?.headers['webhook-id']);
  expect((await server.call('GET', server.path)).body.failingSince).toBeNull();
});

test('what has failed for good can be delivered once more', async () => {
  const { url, received } = await startReceiver([500, 200]);
  const server = await startWith({ url });
  await makeFlag(server, 'a');
  await expect.poll(server.deliveries).toMatchObject([{ attempts: 1 }]);
  await server.app.bunting.database.updateTable('webhook_deliveries').set({ state: 'failed' }).execute();
  expect((await server.call('POST', `${server.path}/redeliver`)).body).toEqual({ deliveries: 1 });
  await expect.poll(server.deliveries, { timeout: 5_000 }).toMatchObject([{ state: 'delivered' }]);
  const [{ id }] = await server.deliveries();
  expect((await server.call('POST', `${server.path}/deliveries/${id}/redeliver`)).status).toBe(202);
  await expect.poll(() => received.length, { timeout: 5_000 }).toBe(3);
  expect((await server.call('POST', `${server.path}/deliveries/x/redeliver`)).status).toBe(404);
  const { body: audit } = await server.call('GET', '/audit?action=webhook.redelivered');
  expect(audit.items).toMatchObject([{ after: { deliveries: 1, delivery: id } }, { after: { deliveries: 1 } }]);
});

test('a receiver that is gone, or takes nothing for five days, is asked no more', async () => {
  const gone = await startReceiver([410]);
  const server = await startWith({ url: gone.url });
  await makeFlag(server, 'a');
  const webhook = async () => (await server.call('GET', server.path)).body;
  await expect.poll(webhook).toMatchObject({ enabled: false, disabledReason: expect.stringContaining('410') });
  const { body: audit } = await server.call('GET', '/audit?action=webhook.disabled');
  expect(audit.items).toHaveLength(1);
  await server.call('PATCH', server.path, { enabled: true, url: (await startReceiver([500])).url });
  expect(await webhook()).toMatchObject({ enabled: true, disabledReason: null });
  await server.app.bunting.database.updateTable('webhooks').set({ failing_since: 1 }).execute();
  await makeFlag(server, 'b');
  await expect.poll(webhook).toMatchObject({ enabled: false, disabledReason: expect.stringContaining('five days') });
});

test('a receiver that wants no more of many messages at once is turned off once', async () => {
  const { url } = await startReceiver([410]);
  const server = await startWith({ url });
  await server.app.bunting.dispatcher.close();
  for (const key of ['a', 'b', 'c', 'd']) await makeFlag(server, key);
  await server.app.close();
  const { app, call } = await startApp({ config, dataDir: server.dataDir });
  const enabled = async () => (await call('GET', server.path)).body.enabled;
  await expect.poll(enabled, { timeout: 5_000 }).toBe(false);
  await app.bunting.dispatcher.close();
  expect((await call('GET', '/audit?action=webhook.disabled')).body.items).toHaveLength(1);
});

test('a slow receiver keeps no other waiting', async () => {
  const hanging = createServer(() => {});
  onTestFinished(() => {
    hanging.closeAllConnections();
    hanging.close();
  });
  await once(hanging.listen(0, '127.0.0.1'), 'listening');
  const server = await startApp({ config });
  const slow = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
  await server.call('POST', HOOKS, { name: 'Slow', url: slow });
  const { url, received } = await startReceiver();
  await server.call('POST', HOOKS, { name: 'Fast', url });
  for (let at = 0; at < 40; at++) await makeFlag(server, `f${at}`);
  // 40 flags and the webhook itself.
  await expect.poll(() => received.length, { timeout: 10_000 }).toBe(41);
});

test('two servers on one database deliver each event once', async () => {
  const { url, received } = await startReceiver();
  const one = await startWith({ url });
  const { Dispatcher } = await import('./dispatcher.ts');
  const { database, changes, vault, dispatcher } = one.app.bunting;
  const { readAddressPolicy } = await import('../egress/address-policy.ts');
  const { Carrier } = await import('./carrier.ts');
  const { WebhookMetrics } = await import('./metrics.ts');
  const { Registry } = await import('prom-client');
  const other = new Dispatcher({
    database,
    changes,
    carrier: new Carrier({ vault, policy: readAddressPolicy(config.egressAllow), mailer: undefined, now: Date.now }),
    metrics: new WebhookMetrics(new Registry()),
    publicUrl: undefined,
    log: one.app.log,
    now: Date.now,
  });
  onTestFinished(() => other.close());
  for (let at = 0; at < 30; at++) {
    await makeFlag(one, `f${at}`);
    dispatcher.poke();
    other.poke();
  }
  await expect
    .poll(async () => (await one.deliveries()).filter((d: { state: string }) => d.state === 'delivered').length, {
      timeout: 10_000,
    })
    .toBe(30);
  expect(received).toHaveLength(30);
});

test('what a server that died was delivering is delivered by the next one', async () => {
  const { url, received } = await startReceiver();
  const server = await startWith({ url });
  await server.app.bunting.dispatcher.close();
  await makeFlag(server, 'a');
  await server.app.close();
  expect(received).toHaveLength(0);
  await startApp({ config, dataDir: server.dataDir });
  await expect.poll(() => received.length, { timeout: 5_000 }).toBe(1);
});

test('waits longer after each failure, as long as the receiver asks, and in the end no more', () => {
  const waits = Array.from({ length: 9 }, (_, at) => waitAfter(at + 1, 0, () => 0) ?? 0);
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(waits[0]).toBe(5_000);
  expect(waitAfter(10)).toBeUndefined();
  expect(waitAfter(1, 60_000)).toBe(60_000);
  expect(readRetryAfter('7', 0)).toBe(7_000);
  expect(readRetryAfter('Thu, 01 Jan 1970 00:01:00 GMT', 0)).toBe(60_000);
  expect(readRetryAfter('soon', 0)).toBeUndefined();
});

test('by mail an event comes as a message, and what the mail server does not take comes later', async () => {
  let isFull = true;
  const { port, received } = await startMailServer({
    onMailFrom: (_address, _session, callback) =>
      callback(isFull ? Object.assign(new Error('no room'), { responseCode: 452 }) : null),
  });
  const smtp = { smtpHost: '127.0.0.1', smtpPort: port, smtpTls: 'none', smtpFrom: 'bunting@example.com' } as const;
  const server = await startApp({ config: { ...config, ...smtp } });
  const input = { name: 'On call', format: 'email', filter: { actions: ['urgent'] } };
  const url = 'mailto:on-call@example.com,ada@example.com';
  const { status, body } = await server.call('POST', HOOKS, { ...input, url });
  expect(status).toBe(201);
  await makeFlag(server, 'checkout');
  await server.call('POST', '/projects/default/flags/checkout/environments/production/kill', { reason: 'Errors' });
  const deliveries = async () => (await server.call('GET', `${HOOKS}/${body.id}/deliveries`)).body.items;
  await expect.poll(deliveries).toMatchObject([{ state: 'pending', lastStatus: 452 }]);
  isFull = false;
  await server.app.bunting.database.updateTable('webhook_deliveries').set({ due_at: 0 }).execute();
  await expect.poll(deliveries).toMatchObject([{ state: 'delivered', lastStatus: 250, lastAnswer: '250 queued' }]);
  const [{ recipients, mail }] = received as [(typeof received)[number]];
  expect(recipients).toEqual(['on-call@example.com', 'ada@example.com']);
  expect(mail.subject).toMatch(/^\[Bunting\] .+ killed flag checkout in production of default$/);
  expect(mail.text).toMatch(
    /\nWhy: Errors\nWhen: .*\n\nhttps:\/\/flags.example.com\/projects\/default\/flags\/checkout\n/,
  );
  const { body: audit } = await server.call('GET', '/audit?action=webhook.created');
  expect(audit.items[0].after).toMatchObject({ host: 'example.com', format: 'email' });
  expect((await server.call('POST', `${HOOKS}/${body.id}/test`)).body).toMatchObject({ delivered: true, status: 250 });
});

test('a webhook whose secrets cannot be opened fails as one that cannot be reached, and says why', async () => {
  const { url } = await startReceiver();
  const server = await startWith({ url });
  await server.app.bunting.database.updateTable('webhooks').set({ url: 'of another database' }).execute();
  await makeFlag(server, 'a');
  await expect
    .poll(server.deliveries, { timeout: 5_000 })
    .toMatchObject([{ state: 'pending', attempts: 1, lastStatus: null, lastError: expect.stringContaining('opened') }]);
});

test('a webhook that cannot be read keeps no other one from hearing', async () => {
  const { url, received } = await startReceiver();
  const server = await startWith({ url });
  const { database } = server.app.bunting;
  await database.updateTable('webhooks').set({ filter: 'none' }).execute();
  await server.call('POST', HOOKS, { name: 'Other', url, filter: { actions: ['flag.*'] } });
  await makeFlag(server, 'a');
  await expect.poll(() => received.length, { timeout: 5_000 }).toBe(1);
});
