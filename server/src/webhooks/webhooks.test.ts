import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook as Verifier } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import { CANARY } from '../interventions/canary.ts';
import { startMailServer } from '../testing/mail-server.ts';
import { startProgram } from '../testing/programs.ts';
import { startApp, type TestServer } from '../testing/start-app.ts';
import { readRetryAfter, waitAfter } from './retries.ts';
import { wants } from './webhook.ts';

const HOOKS = '/projects/default/webhooks';
const config = { egressAllow: ['127.0.0.1'], publicUrl: 'https://flags.example.com' };

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Someone who listens. `answers` are the statuses it answers with, the last one from then on. */
async function startReceiver(answers: number[] = [200], headers: Record<string, string> = {}) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    response.writeHead((answers.length > 1 ? answers.shift() : answers[0]) ?? 200, headers).end('thanks');
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const types = () => received.map(({ body }) => JSON.parse(body).type as string);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received, types };
}

const makeFlag = ({ call }: TestServer, key: string) =>
  call('POST', '/projects/default/flags', { key, type: 'boolean' });

async function startWith(input: Record<string, unknown>) {
  const server = await startApp({ config });
  const { status, body } = await server.call('POST', HOOKS, {
    name: 'Hook',
    filter: { actions: ['flag.*'] },
    ...input,
  });
  expect(status).toBe(201);
  const path = `${HOOKS}/${body.id}`;
  const deliveries = async () => (await server.call('GET', `${path}/deliveries`)).body.items;
  /** As if the time to try again had come. */
  const hurry = () => server.app.bunting.database.updateTable('webhook_deliveries').set({ due_at: 0 }).execute();
  return { ...server, secret: body.secret as string, path, deliveries, hurry };
}

test('a change is told at once, signed so that any Standard Webhooks library can verify it', async () => {
  const { url, received } = await startReceiver();
  const server = await startWith({ url });
  await makeFlag(server, 'checkout');
  await expect.poll(() => received.length).toBe(1);
  const [{ headers, body }] = received as [Received];
  const message = new Verifier(server.secret).verify(body, headers as Record<string, string>);
  expect(message).toMatchObject({
    type: 'flag.created',
    data: {
      project: 'default',
      target: { kind: 'flag', key: 'checkout' },
      link: 'https://flags.example.com/projects/default/flags/checkout',
    },
  });
  expect(body).not.toContain('userAgent');
  expect(() => new Verifier(server.secret).verify(`${body} `, headers as Record<string, string>)).toThrow();
  await expect
    .poll(server.deliveries)
    .toMatchObject([{ action: 'flag.created', state: 'delivered', attempts: 1, lastStatus: 200 }]);
});

test('only what the filter names is told, and nothing from before', async () => {
  const { url, types } = await startReceiver();
  const server = await startApp({ config });
  await makeFlag(server, 'before');
  const filter = { actions: ['flag.killed', 'flag.environment.updated', 'segment.*'], environments: ['production'] };
  await server.call('POST', HOOKS, { name: 'Hook', url, filter });
  await makeFlag(server, 'a');
  for (const environment of ['development', 'production']) {
    const path = `/projects/default/flags/a/environments/${environment}`;
    await server.call('PATCH', path, { enabled: true });
    await server.call('POST', `${path}/kill`, { reason: 'x' });
    await server.call('PUT', `/projects/default/environments/${environment}/segments/s`, { name: 's' });
  }
  await expect.poll(types, { timeout: 5_000 }).toHaveLength(3);
  expect(types().sort()).toEqual(['flag.environment.updated', 'flag.killed', 'segment.created']);
});

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

test('after a rotation both secrets verify for a day', async () => {
  const { url, received } = await startReceiver();
  const server = await startWith({ url });
  const { body } = await server.call('POST', `${server.path}/rotate-secret`);
  await makeFlag(server, 'a');
  await expect.poll(() => received.length).toBe(1);
  for (const secret of [server.secret, body.secret]) {
    for (const { headers, body } of received) new Verifier(secret).verify(body, headers as Record<string, string>);
  }
  await server.app.bunting.database.updateTable('webhooks').set({ previous_until: 1 }).execute();
  await makeFlag(server, 'b');
  await expect.poll(() => received.length).toBe(2);
  const last = received[1] as Received;
  expect(() => new Verifier(server.secret).verify(last.body, last.headers as Record<string, string>)).toThrow();
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

test.each([
  ['http://example.com/hook', /no https URL/],
  ['https://10.0.0.1/hook', /BUNTING_EGRESS_ALLOW/],
  ['nonsense', /no URL/],
])('refuses %s with the fix', async (url, message) => {
  const { call } = await startApp({ config });
  const { status, body } = await call('POST', HOOKS, { name: 'Hook', url });
  expect([status, body.details[0].path]).toEqual([400, 'url']);
  expect(body.message).toMatch(message);
});

test('a test message tells what came of it, is audited, and is no delivery', async () => {
  const { url, types } = await startReceiver([200, 503]);
  const server = await startWith({ url, filter: { actions: ['flag.*', 'webhook.*'] } });
  await expect.poll(types).toEqual(['webhook.created']);
  const { body } = await server.call('POST', `${server.path}/test`);
  expect(body).toMatchObject({ delivered: false, status: 503, answer: 'thanks' });
  expect(types()).toEqual(['webhook.created', 'webhook.tested']);
  const { body: audit } = await server.call('GET', '/audit?action=webhook.tested');
  expect(audit.items).toMatchObject([{ target: { kind: 'webhook', key: server.path.split('/').at(-1) } }]);
  // What comes after it in the chain is delivered, and the test is not once more.
  await makeFlag(server, 'a');
  await expect.poll(types, { timeout: 5_000 }).toEqual(['webhook.created', 'webhook.tested', 'flag.created']);
  expect(await server.deliveries()).toHaveLength(2);
});

test('the secret is shown once, stored sealed, and never logged or audited; nor is the address', async () => {
  const { url, received } = await startReceiver();
  const server = await startWith({ url: `${url}/token-in-path` });
  await makeFlag(server, 'a');
  await expect.poll(() => received.length).toBe(1);
  const rows = await server.app.bunting.database.selectFrom('webhooks').selectAll().execute();
  const { body: audit } = await server.call('GET', '/audit?limit=200');
  expect(JSON.stringify(rows)).not.toContain(server.secret);
  expect(JSON.stringify(rows)).not.toContain('token-in-path');
  for (const text of [server.logs.join(''), JSON.stringify(audit)]) {
    expect(text).not.toContain(server.secret);
    expect(text).not.toContain('token-in-path');
  }
  expect(JSON.stringify((await server.call('GET', server.path)).body)).not.toContain(server.secret);
});

test('who may not read what is done in a project lets no webhook hear of it either', async () => {
  const server = await startApp({ config });
  const role = { name: 'Hooks', permissions: ['project:read', 'webhook:write'] };
  await server.call('PUT', '/roles/hooks', role);
  const { headers } = await startProgram(server, 'hooks', { project: 'default' });
  const input = { name: 'Hook', url: 'https://example.com/x' };
  const refused = await server.call('POST', HOOKS, input, headers);
  expect([refused.status, refused.body.details]).toEqual([403, { permission: 'audit:read', project: 'default' }]);
  const { body } = await server.call('POST', HOOKS, input);
  const path = `${HOOKS}/${body.id}`;
  expect((await server.call('PATCH', path, { url: 'https://example.org/y' }, headers)).status).toBe(403);
  expect((await server.call('DELETE', path, undefined, headers)).status).toBe(204);
});

test('a webhook of another project is not there', async () => {
  const { url } = await startReceiver();
  const server = await startWith({ url });
  await server.call('POST', '/projects', { key: 'other', name: 'Other' });
  const path = server.path.replace('default', 'other');
  for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
    const { status } = await server.call(method, path, method === 'PATCH' ? { name: 'x' } : undefined);
    expect([method, status]).toEqual([method, 404]);
  }
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

test('what acts by itself is told once, with what led to it', async () => {
  const { port, received } = await startMailServer();
  const smtp = { smtpHost: '127.0.0.1', smtpPort: port, smtpTls: 'none', smtpFrom: 'bunting@example.com' } as const;
  const server = await startApp({ config: { ...config, ...smtp } });
  await makeFlag(server, 'checkout');
  const input = { name: 'On call', format: 'email', filter: { actions: ['urgent'] } };
  await server.call('POST', HOOKS, { ...input, url: 'mailto:on-call@example.com' });
  const cause = {
    kind: 'safeguard',
    id: 'g1',
    name: 'Errors of checkout',
    actor: { kind: 'safeguard', id: 'g1', name: 'Errors of checkout' },
    summary: 'Requests fail 21 times as often with on as with off',
    evidence: { on: { count: 400, bad: 31 }, off: { count: 399, bad: 1 } },
  } as const;
  const target = { project: 'default', environment: 'production', flag: 'checkout' };
  const { interventions } = server.app.bunting;
  await interventions.act({ cause, action: 'kill', targets: [target], mode: 'dry_run' });
  await interventions.act({ cause, action: 'kill', targets: [target], mode: 'armed' });
  await server.call('POST', '/projects/default/flags/checkout/environments/production/rearm', { reason: 'Fixed' });
  const deeds = () =>
    received.map(({ mail }) => mail.subject?.replace(/ flag checkout in production of default$/, '')).sort();
  await expect
    .poll(deeds)
    .toEqual([
      '[Bunting] Bootstrap admin key re-armed',
      '[Bunting] Errors of checkout killed',
      '[Bunting] Errors of checkout would have killed',
    ]);
  const told = received.find(({ mail }) => mail.subject?.includes('checkout killed'))?.mail.text;
  expect(told).toContain('Why: Requests fail 21 times as often with on as with off\n');
  expect(told).toContain('Evidence: on: count 400, bad 31; off: count 399, bad 1\n');
});

test('mail is only promised where there is a mail server, to what is an address', async () => {
  const { call } = await startApp({ config });
  const input = { name: 'On call', format: 'email', url: 'mailto:on-call@example.com' };
  const noServer = await call('POST', HOOKS, input);
  expect([noServer.status, noServer.body.message]).toEqual([400, expect.stringContaining('BUNTING_SMTP_HOST')]);
  const noAddress = await call('POST', HOOKS, { ...input, url: 'https://example.com' });
  expect([noAddress.status, noAddress.body.details[0].path]).toEqual([400, 'url']);
  const { body } = await call('POST', HOOKS, { name: 'Hook', url: 'https://example.com/x' });
  expect((await call('PATCH', `${HOOKS}/${body.id}`, { format: 'email' })).status).toBe(400);
  expect((await call('GET', `${HOOKS}/${body.id}`)).body.format).toBe('standard');
});

test.each([
  [{}, true],
  [{ actions: ['urgent'] }, false],
  [{ actions: ['segment.*', 'urgent', 'flag.*'] }, true],
  [{ actions: ['flag.*'] }, true],
  [{ actions: ['flag.updated'] }, true],
  [{ actions: ['segment.*'] }, false],
  [{ environments: ['production'] }, true],
  [{ environments: ['staging'] }, false],
])('the filter %j lets flag.updated in production through: %s', (filter, expected) => {
  expect(wants(filter, { action: 'flag.updated', environment: 'production', actorKind: 'user', target: 'a' })).toBe(
    expected,
  );
});

test.each([
  ['flag.killed', 'user', 'a', true],
  ['flag.killed', 'safeguard', 'a', false],
  ['intervention.acted', 'safeguard', 'a', true],
  ['intervention.would_have', 'signal', 'a', true],
  ['intervention.already', 'signal', 'a', false],
  ['flag.kill.unconfirmed', 'system', 'a', true],
  ['flag.updated', 'user', 'a', false],
  ['flag.kill.confirmed', 'system', CANARY, false],
  ['intervention.acted', 'signal', CANARY, false],
  ['fire-drill.failed', 'system', 'production', true],
  ['fire-drill.passed', 'system', 'production', false],
] as const)('%s by a %s, of %s, is urgent: %s', (action, actorKind, target, expected) => {
  expect(wants({ actions: ['urgent'] }, { action, environment: 'production', actorKind, target })).toBe(expected);
});

test('each step of a release is told, with who, what, why and where to look', async () => {
  const { url, received, types } = await startReceiver();
  const server = await startWith({ url, filter: { actions: ['release.*'] } });
  await makeFlag(server, 'checkout');
  const on = { enabled: true, defaultRule: { variant: 'off' } };
  await server.call('PATCH', '/projects/default/flags/checkout/environments/production', on);
  const { body: release } = await server.call('POST', '/projects/default/releases', {
    title: 'New checkout',
    environment: 'production',
    strategy: 'flag_only',
    flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
    stages: [{ flagsPer100k: 100_000, soakSeconds: 0 }],
    bakeSeconds: 3_600,
  });
  const command = (body: object) => server.call('POST', `/projects/default/releases/${release.id}/commands`, body);
  await command({ command: 'start' });
  await command({ command: 'rollback', reason: 'errors at 12 %' });
  const told = [
    'created',
    'preflight',
    'progressing',
    'stepped',
    'stepped',
    'promoting',
    'baking',
    'rolling_back',
    'stepped',
  ];
  await expect.poll(types, { timeout: 5_000 }).toHaveLength(told.length + 1);
  expect(types().sort()).toEqual([...told, 'rolled_back'].map((word) => `release.${word}`).sort());
  const back = received.map(({ body }) => JSON.parse(body)).find(({ type }) => type === 'release.rolling_back');
  expect(back.data).toMatchObject({
    actor: release.createdBy,
    environment: 'production',
    before: { phase: 'baking' },
    after: { title: 'New checkout', decision: 'errors at 12 %', phase: 'rolling_back' },
    link: `https://flags.example.com/projects/default/releases/${release.id}`,
  });
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
