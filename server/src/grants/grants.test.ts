import { expect, test } from 'vitest';
import { Browser } from '../testing/browser.ts';
import { startProgram } from '../testing/programs.ts';
import { startApp, type TestServer } from '../testing/start-app.ts';

const FLAG = '/projects/default/flags/a/environments';

async function startShop(): Promise<TestServer> {
  const server = await startApp();
  await server.call('POST', '/projects', { key: 'shop', name: 'Shop' });
  await server.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  return server;
}

test('an editor changes flags in development, and is told why not in production', async () => {
  const { call, ...server } = await startShop();
  const { headers } = await startProgram({ call, ...server }, 'editor', { project: 'default' });
  expect((await call('PATCH', `${FLAG}/development`, { enabled: true }, headers)).status).toBe(200);
  const refused = await call('PATCH', `${FLAG}/production`, { enabled: true }, headers);
  expect(refused).toMatchObject({
    status: 403,
    body: {
      code: 'forbidden',
      message: expect.stringContaining('targeting:write in environment "production" of project "default"'),
      details: { permission: 'targeting:write', project: 'default', environment: 'production' },
    },
  });
});

test('a new environment is guarded by its own mark, at once', async () => {
  const server = await startShop();
  const { headers } = await startProgram(server, 'editor', { project: 'default' });
  for (const [key, production, status] of [
    ['staging', false, 200],
    ['live', true, 403],
  ] as const) {
    await server.call('POST', '/projects/default/environments', { key, name: key, production });
    expect((await server.call('PATCH', `${FLAG}/${key}`, { enabled: true }, headers)).status).toBe(status);
  }
});

test('an environment that becomes production is guarded at once', async () => {
  const server = await startShop();
  const { headers } = await startProgram(server, 'editor', { project: 'default' });
  const toggle = async (enabled: boolean) =>
    (await server.call('PATCH', `${FLAG}/development`, { enabled }, headers)).status;
  expect(await toggle(true)).toBe(200);
  await server.call('PATCH', '/projects/default/environments/development', { production: true });
  expect(await toggle(false)).toBe(403);
});

test('what a flag is in all environments changes only who may change production, if production serves it', async () => {
  const server = await startShop();
  const { headers } = await startProgram(server, 'editor', { project: 'default' });
  const patch = async (body: object, as: Record<string, string> | undefined = headers) =>
    (await server.call('PATCH', '/projects/default/flags/a', body, as)).status;
  const [on, off] = [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ];
  expect(await patch({ name: 'A', variants: [on, off, { name: 'maybe', value: true }] })).toBe(200);
  for (const body of [
    { variants: [on, { name: 'off', value: true }, { name: 'maybe', value: true }] },
    { variants: [on, off, { name: 'maybe', value: true, requires: { attribute: 'app', atLeast: '2.0' } }] },
    { variants: [on, off] },
    { clientVisible: true },
    { key: 'b' },
  ]) {
    expect([body, await patch(body)]).toEqual([body, 403]);
  }
  const releaser = await startProgram(server, 'releaser', { project: 'default' });
  expect(await patch({ clientVisible: true }, releaser.headers)).toBe(200);
});

test('a project that one may not read is as one that is not there, and no list has it', async () => {
  const server = await startShop();
  const { headers } = await startProgram(server, 'admin', { project: 'shop' });
  for (const path of ['', '/flags', '/flags/a', '/environments/production/keys', '/environments/nope/kills']) {
    const [hidden, missing] = await Promise.all(
      ['default', 'nothing'].map((key) => server.call('GET', `/projects/${key}${path}`, undefined, headers)),
    );
    expect(hidden?.status).toBe(404);
    expect(hidden?.body.message).toBe(missing?.body.message.replace('nothing', 'default'));
  }
  const { body } = await server.call('GET', '/projects', undefined, headers);
  expect(body.items.map(({ key }: { key: string }) => key)).toEqual(['shop']);
  const { body: audit } = await server.call('GET', '/audit', undefined, headers);
  expect(audit.items.length).toBeGreaterThan(0);
  expect(new Set(audit.items.map(({ project }: { project: string }) => project))).toEqual(new Set(['shop']));
  expect((await server.call('GET', '/audit?project=default', undefined, headers)).status).toBe(404);
  const { body: grants } = await server.call('GET', '/grants', undefined, headers);
  expect(grants.items.map(({ project }: { project: string }) => project)).toEqual(['shop']);
});

test('an admin of a project gives roles there, and nowhere else, and nothing that they lack', async () => {
  const server = await startShop();
  const { headers } = await startProgram(server, 'admin', { project: 'shop' });
  const { id } = await startProgram(server);
  const give = (grant: object) =>
    server.call('POST', '/grants', { subject: { kind: 'service-account', id }, ...grant }, headers);
  expect((await give({ role: 'releaser', project: 'shop' })).status).toBe(201);
  expect((await give({ role: 'editor', project: 'shop', environment: 'production' })).status).toBe(201);
  expect((await give({ role: 'viewer', project: 'default' })).status).toBe(404);
  expect((await give({ role: 'viewer' })).status).toBe(403);
  expect((await give({ role: 'owner', project: 'shop' })).status).toBe(400);
  expect((await give({ role: 'nothing', project: 'shop' })).body.message).toContain('no role "nothing"');
  expect((await give({ role: 'viewer', project: 'shop', environment: 'nope' })).status).toBe(404);
  // The same once more is no second one.
  const [first, second] = [
    await give({ role: 'viewer', project: 'shop' }),
    await give({ role: 'viewer', project: 'shop' }),
  ];
  expect(second?.body).toEqual(first?.body);
  expect((await server.call('DELETE', `/grants/${first?.body.id}`, undefined, headers)).status).toBe(204);
  const { body } = await server.call('GET', '/grants?project=default');
  expect(body.items).toEqual([]);
  const rolesOf = async (query: string) =>
    (await server.call('GET', `/grants?${query}`)).body.items.map(({ role }: { role: string }) => role);
  expect(await rolesOf('role=releaser')).toEqual(['releaser']);
  expect(await rolesOf('role=approver')).toEqual([]);
});

test('a role that is taken away is gone with the next request', async () => {
  const server = await startShop();
  const { id, headers } = await startProgram(server, 'viewer');
  expect((await server.call('GET', '/projects', undefined, headers)).status).toBe(200);
  const { body } = await server.call('GET', `/grants?serviceAccount=${id}`);
  await server.call('DELETE', `/grants/${body.items[0].id}`);
  expect((await server.call('GET', '/projects', undefined, headers)).status).toBe(403);
});

test('members of a group have its roles while they are in it', async () => {
  const server = await startShop();
  const { body: invited } = await server.call('POST', '/users', { email: 'grace@example.com', name: 'Grace' });
  const browser = new Browser(server.app);
  await browser.call('POST', '/password', { token: invited.link.token, password: 'a long enough password' });
  const { body: group } = await server.call('POST', '/groups', { name: 'Shop team' });
  await server.call('POST', '/grants', { subject: { kind: 'group', id: group.id }, role: 'editor', project: 'shop' });
  expect((await browser.call('GET', '/projects/shop')).status).toBe(404);
  const member = `/groups/${group.id}/members/${invited.user.id}`;
  expect((await server.call('PUT', member)).status).toBe(204);
  expect((await server.call('PUT', member)).status).toBe(204);
  expect((await browser.call('GET', '/projects/shop')).status).toBe(200);
  expect((await server.call('GET', '/groups')).body.items).toMatchObject([{ name: 'Shop team', memberCount: 1 }]);
  const { body: members } = await server.call('GET', `/groups/${group.id}/members`);
  expect(members.items.map(({ id }: { id: string }) => id)).toEqual([invited.user.id]);
  expect((await server.call('DELETE', member)).status).toBe(204);
  expect((await browser.call('GET', '/projects/shop')).status).toBe(404);
});

test('nobody joins, leads or empties a group that may do more than they', async () => {
  const server = await startShop();
  const { headers } = await startProgram(server, 'admin');
  const { body: user } = await server.call('POST', '/users', { email: 'eve@example.com', name: 'Eve' });
  const { body: group } = await server.call('POST', '/groups', { name: 'Owners' });
  await server.call('POST', '/grants', { subject: { kind: 'group', id: group.id }, role: 'owner' });
  for (const [method, path, body] of [
    ['PUT', `/groups/${group.id}/members/${user.user.id}`, undefined],
    ['DELETE', `/groups/${group.id}/members/${user.user.id}`, undefined],
    ['PATCH', `/groups/${group.id}`, { name: 'Interns' }],
    ['DELETE', `/groups/${group.id}`, undefined],
  ] as const) {
    expect((await server.call(method, path, body, headers)).status).toBe(403);
  }
});

test('a role that people made gives what it says, changes for all who have it, and stays while granted', async () => {
  const server = await startShop();
  const killer = { name: 'On call', permissions: ['project:read', 'flag:read', 'kill:engage', 'kill:rearm'] };
  const path = '/roles/on-call';
  expect((await server.call('PUT', path, { ...killer, notInProduction: ['kill:rearm'] })).body).toMatchObject({
    key: 'on-call',
    builtIn: false,
  });
  const { headers } = await startProgram(server, 'on-call', { project: 'default' });
  const kill = (environment: string, what: string) =>
    server.call('POST', `${FLAG}/${environment}/${what}`, { reason: 'drill' }, headers);
  expect((await kill('production', 'kill')).status).toBe(200);
  expect((await kill('production', 'rearm')).status).toBe(403);
  await server.call('PUT', path, killer);
  expect((await kill('production', 'rearm')).status).toBe(200);
  expect((await server.call('DELETE', path)).body.message).toContain('granted 1 times');
  const keys = (await server.call('GET', '/roles')).body.items.map(({ key }: { key: string }) => key);
  expect(keys).toEqual(['viewer', 'editor', 'releaser', 'approver', 'admin', 'owner', 'on-call']);
});

test('a role is refused that is built in, knows no such permission, or leaves out what is no permission of environments', async () => {
  const server = await startShop();
  const put = (key: string, body: object) => server.call('PUT', `/roles/${key}`, { name: 'x', ...body });
  expect((await put('owner', { permissions: [] })).status).toBe(409);
  expect((await put('a', { permissions: ['flag:fly'] })).body.details[0].path).toBe('permissions[0]');
  const odd = await put('a', { permissions: ['flag:write'], notInProduction: ['flag:write', 'kill:engage'] });
  expect(odd.body.details.map(({ path }: { path: string }) => path)).toEqual([
    'notInProduction[0]',
    'notInProduction[1]',
  ]);
});

test('nobody makes a role that gives more than they have, nor widens one that they have', async () => {
  const server = await startShop();
  await server.call('PUT', '/roles/host', {
    name: 'Host',
    permissions: ['project:read', 'people:read', 'people:write'],
  });
  const { headers } = await startProgram(server, 'host');
  const widen = { name: 'Host', permissions: ['people:read', 'people:write', 'installation:write'] };
  expect((await server.call('PUT', '/roles/host', widen, headers)).status).toBe(403);
  expect((await server.call('PUT', '/roles/mine', widen, headers)).status).toBe(403);
  const less = { name: 'Greeter', permissions: ['project:read', 'people:read'] };
  expect((await server.call('PUT', '/roles/greeter', less, headers)).status).toBe(200);
});

test('a caller is told what they may do at a place', async () => {
  const server = await startShop();
  const { headers } = await startProgram(server, 'viewer', { project: 'shop' });
  const at = async (query: string) => (await server.call('GET', `/permissions${query}`, undefined, headers)).body;
  expect(await at('?project=shop&environment=production')).toEqual({
    permissions: ['project:read', 'flag:read', 'flag:comment', 'release:read', 'signal:read', 'audit:read'],
  });
  expect(await at('')).toEqual({ permissions: [] });
  expect(await at('?project=default')).toMatchObject({ code: 'not_found' });
  expect(await at('?environment=production')).toMatchObject({ code: 'validation_failed' });
});
