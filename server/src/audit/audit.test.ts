import { expect, test } from 'vitest';
import { signedIn } from '../testing/browser.ts';
import { ADMIN_KEY, startApp } from '../testing/start-app.ts';

test('every change is told: who, what, where, before and after, by which request', async () => {
  const { app } = await startApp();
  const browser = await signedIn(app);
  await browser.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const path = '/projects/default/flags/a/environments/production';
  const headersSent = { 'user-agent': 'Firefox', 'bunting-comment': encodeURIComponent('100 % sure: größer') };
  const { headers, body: change } = await browser.call('PATCH', path, { enabled: true }, headersSent);
  const { body } = await browser.call('GET', '/audit?limit=1');
  expect(body.items).toEqual([
    {
      chain: 'project:default',
      seq: expect.any(Number),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      id: expect.any(String),
      at: change.committedAt,
      actor: { kind: 'user', id: expect.any(String), name: 'Ada' },
      action: 'flag.environment.updated',
      project: 'default',
      environment: 'production',
      target: { kind: 'flag', key: 'a' },
      before: expect.objectContaining({ enabled: false, version: 1 }),
      after: expect.objectContaining({ enabled: true, version: 2 }),
      requestId: headers['x-request-id'],
      change: body.items[0].id,
      revisions: [{ environment: 'production', ...change.revision }],
      comment: '100 % sure: größer',
      origin: {
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        salt: expect.any(String),
        address: '127.0.0.1',
        userAgent: 'Firefox',
      },
    },
  ]);
  expect((await browser.call('GET', `/audit/${body.items[0].id}`)).body).toEqual(body.items[0]);
  expect((await browser.call('GET', '/audit/none')).status).toBe(404);
});

test.each(['%', '%FF', 'x'.repeat(1001), '%00'])('a comment that cannot be kept (%s) is refused', async (comment) => {
  const { call } = await startApp();
  const path = '/projects/default/flags';
  const { status, body } = await call('POST', path, { key: 'a', type: 'boolean' }, { 'bunting-comment': comment });
  expect([status, body.details]).toEqual([400, [{ path: 'headers.bunting-comment', message: expect.any(String) }]]);
  expect((await call('GET', path)).body.items).toEqual([]);
});

test('events are found by who, what, when and by text', async () => {
  let nowMs = Date.UTC(2030, 0, 1);
  const { app, call } = await startApp({ now: () => (nowMs += 1000) });
  const browser = await signedIn(app);
  const comment = { 'bunting-comment': 'See%20ticket%2042' };
  await browser.call('POST', '/projects/default/flags', { key: 'alpha', type: 'boolean' }, comment);
  await call('POST', '/projects/default/flags', { key: 'beta', type: 'boolean' });
  await call('PUT', '/projects/default/environments/production/segments/vips', { name: 'VIPs' });
  const find = async (query: string) =>
    (await call('GET', `/audit?${query}`)).body.items.map(({ target }: { target: { key: string } }) => target.key);
  const { items } = (await call('GET', '/audit?limit=3')).body;
  const [vips, beta, alpha] = items;
  expect(await find(`actor=${alpha.actor.id}`)).toEqual(['alpha']);
  expect(await find('action=flag.created')).toEqual(['beta', 'alpha']);
  expect(await find('targetKind=segment')).toEqual(['vips']);
  expect(await find('targetKind=segment&target=beta')).toEqual([]);
  expect(await find(`change=${beta.change}`)).toEqual(['beta']);
  expect(await find('search=TICKET')).toEqual(['alpha']);
  expect(await find('search=ada')).toEqual(['alpha']);
  expect(await find('search=%25')).toEqual([]);
  expect(await find(`from=${beta.at}`)).toEqual(['vips', 'beta']);
  expect(await find(`from=${beta.at}&until=${vips.at}`)).toEqual(['beta']);
  expect((await call('GET', '/audit?from=2030-02-31T00:00:00')).status).toBe(400);
  expect((await call('GET', '/audit?from=2030-13-01T00:00:00Z')).body.details[0].path).toBe('from');
  expect((await call('GET', '/audit?flag=alpha&target=beta')).body.details[0].path).toBe('flag');
});

test('events come newest first, in pages, and by project, environment and flag', async () => {
  const { call } = await startApp();
  await call('POST', '/projects', { key: 'shop', name: 'Shop' });
  await call('POST', '/projects/shop/flags', { key: 'a', type: 'boolean' });
  await call('PATCH', '/projects/shop/flags/a/environments/production', { enabled: true });
  await call('PATCH', '/projects/shop/flags/a', { name: 'A' });
  await call('PATCH', '/projects/shop', { name: 'The shop' });
  const actions = async (query: string) =>
    (await call('GET', `/audit?${query}`)).body.items.map(({ action }: { action: string }) => action);
  expect(await actions('project=shop')).toEqual([
    'project.updated',
    'flag.updated',
    'flag.environment.updated',
    'flag.created',
    'environment.created',
    'environment.created',
    'project.created',
  ]);
  expect(await actions('project=shop&flag=a')).toEqual(['flag.updated', 'flag.environment.updated', 'flag.created']);
  expect(await actions('project=shop&environment=production')).toEqual([
    'flag.environment.updated',
    'environment.created',
  ]);
  const all = await actions('limit=200');
  const { body } = await call('GET', '/audit?limit=5');
  expect([
    ...body.items.map(({ action }: { action: string }) => action),
    ...(await actions(`limit=195&cursor=${body.nextCursor}`)),
  ]).toEqual(all);
});

test('what changes nothing and what is refused leaves no event', async () => {
  const { call } = await startApp();
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const count = async () => (await call('GET', '/audit?limit=200')).body.items.length;
  const before = await count();
  await call('PATCH', '/projects/default/flags/a/environments/production', { enabled: false });
  await call('PATCH', '/projects/default/flags/a', { tags: [] });
  await call('PATCH', '/projects/default', { name: 'Default project' });
  await call('POST', '/projects/default/flags/a/restore');
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  expect(await count()).toBe(before);
});

test('no secret is ever in the audit log or in the log', async () => {
  const { app, call, logs } = await startApp({ config: { logLevel: 'trace' } });
  const { setupToken, firstKeys } = app.bunting;
  await app.inject(`/setup?token=${setupToken}`);
  await app.inject({ method: 'POST', url: '/api/v1/setup', payload: { token: setupToken, password: 'too short' } });
  const browser = await signedIn(app);
  await browser.call('POST', '/session', { email: 'ada@example.com', password: 'a wrong password' });
  await browser.call('GET', '/projects');
  const { body: key } = await call('POST', '/projects/default/environments/production/keys', {
    kind: 'server',
    name: 'x',
  });
  await app.inject({ url: '/api/v1/projects', headers: { authorization: `Bearer ${key.secret}` } });
  const { body } = await call('GET', '/audit?limit=200');
  const text = logs.join('') + JSON.stringify(body);
  expect(logs.length).toBeGreaterThan(10);
  const cookie = browser.cookie?.split('=')[1];
  const secrets = [
    ADMIN_KEY,
    setupToken,
    key.secret,
    cookie,
    'correct horse battery',
    'a wrong password',
    'too short',
    '$argon2id',
  ];
  for (const secret of [...secrets, ...firstKeys.map((first) => first.secret)]) {
    expect(secret).toBeTruthy();
    expect(text).not.toContain(secret);
  }
});
