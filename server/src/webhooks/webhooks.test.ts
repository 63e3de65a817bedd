import { Webhook as Verifier } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { CANARY } from '../interventions/canary.ts';
import { startMailServer } from '../testing/mail-server.ts';
import { startProgram } from '../testing/programs.ts';
import { startApp } from '../testing/start-app.ts';
import { config, HOOKS, makeFlag, type Received, startReceiver, startWith } from './receiver.test.fixture.ts';
import { wants } from './webhook.ts';

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
