import { expect, test } from 'vitest';
import { signedIn } from '../testing/browser.ts';
import { ADMIN_KEY, startApp } from '../testing/start-app.ts';

test('every change is told: who, what, where, before and after, by which request', async () => {
  const { app } = await startApp();
  const browser = await signedIn(app);
  await browser.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const path = '/projects/default/flags/a/environments/production';
  const { headers } = await browser.call('PATCH', path, { enabled: true });
  const { body } = await browser.call('GET', '/audit?limit=1');
  expect(body.items).toEqual([
    {
      id: expect.any(String),
      at: expect.any(String),
      actor: { kind: 'user', id: expect.any(String), name: 'Ada' },
      action: 'flag.environment.updated',
      project: 'default',
      environment: 'production',
      target: { kind: 'flag', key: 'a' },
      before: expect.objectContaining({ enabled: false, version: 1 }),
      after: expect.objectContaining({ enabled: true, version: 2 }),
      requestId: headers['x-request-id'],
    },
  ]);
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
