import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { apiRoutes, errorOf, toRequest } from '../testing/api-routes.ts';
import { signedIn } from '../testing/browser.ts';
import { ADMIN_KEY, startApp } from '../testing/start-app.ts';
import { guard } from './guard.ts';
import { PERMISSIONS } from './permissions.ts';

/** What is open without a permission, written down a second time: a route must not get here by mistake. */
const PUBLIC = [
  'GET /setup',
  'POST /setup',
  'POST /session',
  'POST /password',
  'GET /sign-in',
  'GET /sign-in/{provider}',
  'GET /sign-in/{provider}/callback',
];
const PERSON = [
  'DELETE /session',
  'DELETE /sessions',
  'DELETE /sessions/{session}',
  'DELETE /tokens/{token}',
  'GET /second-factor',
  'GET /session',
  'GET /sessions',
  'GET /tokens',
  'POST /second-factor',
  'POST /second-factor/confirm',
  'POST /second-factor/recovery-codes',
  'POST /second-factor/remove',
  'POST /tokens',
  'PUT /password',
];

/** What takes a POST but changes nothing. */
const READING_POSTS: readonly string[] = [
  'POST /projects/{project}/environments/{environment}/contexts/preview',
  'POST /projects/{project}/environments/{environment}/revisions/{number}/evaluate',
  'POST /projects/{project}/environments/{environment}/verdicts/{verdict}/replay',
  'POST /projects/{project}/environments/{environment}/history/evaluate',
  'POST /projects/{project}/environments/{environment}/history/transitions',
  'POST /projects/{project}/bindings/test',
  'POST /projects/{project}/environments/{environment}/verdicts/{verdict}/replay',
  'POST /signal-sources/{source}/sample',
  'POST /signal-sources/{source}/signals/{signal}/evaluate',
  // What takes a release back is asked for beyond it.
  'POST /projects/{project}/environments/{environment}/release-hooks/flagger/{hook}',
];

/** What is said about a change request, giving up one's own, which no permission tells, and being seen on a page. */
const READERS_POSTS: readonly string[] = [
  'POST /projects/{project}/change-requests/{request}/comments',
  'POST /projects/{project}/change-requests/{request}/cancel',
  'PUT /projects/{project}/presence/{tab}',
  'DELETE /projects/{project}/presence/{tab}',
];

test('every route needs a permission, except those that are meant to be open', async () => {
  const { app } = await startApp();
  const routes = await apiRoutes(app);
  const namesOf = (access: string) => routes.filter((route) => route.access === access).map(({ name }) => name);
  expect(namesOf('public').sort()).toEqual([...PUBLIC].sort());
  expect(namesOf('person').sort()).toEqual([...PERSON].sort());
  for (const { name, access } of routes) {
    if (access === 'public' || access === 'person') continue;
    expect([name, access]).toEqual([name, expect.toBeOneOf(Object.keys(PERMISSIONS))]);
  }
});

test('what changes something needs more than a permission to read', async () => {
  const { app } = await startApp();
  for (const { name, access, method } of await apiRoutes(app)) {
    if (method === 'GET' || [...READING_POSTS, ...READERS_POSTS].includes(name)) continue;
    expect([name, access]).toEqual([name, expect.not.stringMatching(/:read$/)]);
  }
});

test('whoever is not known may only call what is public', async () => {
  const { app } = await startApp();
  for (const route of await apiRoutes(app)) {
    const response = await app.inject(toRequest(route));
    const { statusCode, headers } = response;
    if (route.access === 'public') {
      expect([route.name, statusCode]).not.toEqual([route.name, 401]);
      continue;
    }
    expect([route.name, statusCode, headers['www-authenticate']]).toEqual([route.name, 401, 'Bearer']);
    expect([route.name, response.json()]).toMatchObject([route.name, errorOf(route, 401, 'unauthenticated')]);
  }
});

test('an admin key is no person', async () => {
  const { app } = await startApp();
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  for (const route of await apiRoutes(app)) {
    if (route.access !== 'person') continue;
    const response = await app.inject({ ...toRequest(route), headers });
    expect([route.name, response.statusCode, response.json().code]).toEqual([route.name, 403, 'forbidden']);
  }
});

test.each([
  ['an SDK key', 'Bearer SERVER_KEY', 403, 'forbidden'],
  ['an unknown admin key', `Bearer bnt_adm_${'b'.repeat(43)}`, 401, 'unauthenticated'],
  ['another scheme', 'Basic YTpi', 401, 'unauthenticated'],
  ['an empty header', '', 401, 'unauthenticated'],
])('%s does not open the API', async (_, authorization, status, code) => {
  const { app } = await startApp();
  const serverKey = app.bunting.firstKeys.find(({ kind }) => kind === 'server')?.secret ?? '';
  const headers = { authorization: authorization.replace('SERVER_KEY', serverKey) };
  for (const route of await apiRoutes(app)) {
    if (route.access === 'public') continue;
    const response = await app.inject({ ...toRequest(route), headers });
    expect([route.name, response.statusCode]).toEqual([route.name, status]);
    expect([route.name, response.json()]).toMatchObject([route.name, errorOf(route, status, code)]);
  }
});

test('a cookie changes something only from a page of the server', async () => {
  const { app } = await startApp({ config: { publicUrl: 'https://flags.example.com' } });
  const browser = await signedIn(app);
  const create = (key: string, headers: Record<string, string>) =>
    app.inject({
      method: 'POST',
      url: '/api/v1/projects',
      headers: { cookie: browser.cookie ?? '', host: 'localhost:4242', ...headers },
      payload: { key, name: key },
    });
  const foreign: Record<string, string>[] = [
    {},
    { origin: 'https://evil.example.com' },
    { origin: 'null' },
    { origin: 'http://localhost:4243' },
    { origin: 'http://localhost:4242', 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
  ];
  for (const headers of foreign) {
    const response = await create('foreign', headers);
    expect([headers, response.statusCode, response.json().code]).toEqual([headers, 403, 'cross_origin']);
  }
  expect((await create('a', { origin: 'http://localhost:4242' })).statusCode).toBe(201);
  expect((await create('b', { origin: 'https://flags.example.com' })).statusCode).toBe(201);
  expect((await create('c', { 'sec-fetch-site': 'same-origin' })).statusCode).toBe(201);
  const { items } = (await browser.call('GET', '/projects')).body;
  expect(items.map(({ key }: { key: string }) => key)).toEqual(['a', 'b', 'c', 'default']);
});

test('a foreign page cannot even sign someone in', async () => {
  const { app } = await startApp();
  const request = { method: 'POST', url: '/api/v1/session', payload: { email: 'a@b', password: 'x' } } as const;
  const response = await app.inject({ ...request, headers: { origin: 'https://evil.example.com' } });
  expect(response.json().code).toBe('cross_origin');
  expect((await app.inject(request)).json().code).toBe('wrong_credentials');
});

test('a bootstrap admin key that was revoked is not brought back', async () => {
  const { app, dataDir, call } = await startApp();
  expect((await call('GET', '/projects')).status).toBe(200);
  await app.bunting.database.updateTable('keys').set({ revoked_at: 1 }).where('kind', '=', 'admin').execute();
  await app.close();
  const again = await startApp({ dataDir });
  expect((await again.call('GET', '/projects')).status).toBe(401);
});

test('a route that does not say who may call it cannot be registered', async () => {
  const { app: server } = await startApp();
  const { sessions, keyRing: keys, book, tokenUse, rates } = server.bunting;
  const app = Fastify();
  guard(app as never, { sessions, keys, book, tokenUse, rates, publicUrl: undefined });
  expect(() => app.get('/new', () => 'open to all?')).toThrow(/does not say who may call it/);
});
