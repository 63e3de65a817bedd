import Fastify, { type InjectOptions } from 'fastify';
import { expect, test } from 'vitest';
import { signedIn } from '../testing/browser.ts';
import { ADMIN_KEY, startApp } from '../testing/start-app.ts';
import { guard } from './guard.ts';

/** Who may call what, written down a second time: a new route must be added here, too. */
const PUBLIC = ['GET /setup', 'POST /setup', 'POST /session'];
const PERSON = ['GET /session', 'DELETE /session'];
const OPERATOR = [
  'GET /projects',
  'POST /projects',
  'GET /projects/{project}',
  'PATCH /projects/{project}',
  'POST /projects/{project}/environments',
  'GET /projects/{project}/flags',
  'POST /projects/{project}/flags',
  'GET /projects/{project}/flags/{flag}',
  'PATCH /projects/{project}/flags/{flag}',
  'POST /projects/{project}/flags/{flag}/archive',
  'POST /projects/{project}/flags/{flag}/restore',
  'PATCH /projects/{project}/flags/{flag}/environments/{environment}',
  'POST /projects/{project}/flags/{flag}/environments/{environment}/kill',
  'POST /projects/{project}/flags/{flag}/environments/{environment}/rearm',
  'GET /projects/{project}/environments/{environment}/kills',
  'GET /projects/{project}/environments/{environment}/segments',
  'GET /projects/{project}/environments/{environment}/segments/{segment}',
  'PUT /projects/{project}/environments/{environment}/segments/{segment}',
  'DELETE /projects/{project}/environments/{environment}/segments/{segment}',
  'GET /projects/{project}/environments/{environment}/segments/{segment}/keys',
  'POST /projects/{project}/environments/{environment}/segments/{segment}/keys',
  'PUT /projects/{project}/environments/{environment}/segments/{segment}/keys',
  'DELETE /projects/{project}/environments/{environment}/segments/{segment}/keys',
  'GET /projects/{project}/environments/{environment}/segments/{segment}/keys/export',
  'GET /projects/{project}/environments/{environment}/keys',
  'POST /projects/{project}/environments/{environment}/keys',
  'DELETE /projects/{project}/environments/{environment}/keys/{id}',
  'GET /projects/{project}/environments/{environment}/kills/{flag}/receipts',
  'GET /projects/{project}/environments/{environment}/receipts',
  'GET /projects/{project}/environments/{environment}/receipts/stragglers',
  'GET /projects/{project}/receipts/stream',
  'GET /projects/{project}/environments/{environment}/instances',
  'GET /audit',
];

function toRequest(route: string): { method: InjectOptions['method']; url: string } {
  const [method, path = ''] = route.split(' ');
  const names: Record<string, string> = {
    project: 'default',
    environment: 'production',
    flag: 'a',
    segment: 'a',
    id: 'x',
  };
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? name);
  return { method: method as InjectOptions['method'], url: `/api/v1${url}` };
}

test('the table names every route of the API', async () => {
  const { app } = await startApp();
  await app.ready();
  const { paths } = app.swagger() as { paths: Record<string, Record<string, unknown>> };
  const routes = Object.entries(paths)
    .filter(([path]) => path.startsWith('/api/v1/'))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.slice(7)}`));
  expect(routes.sort()).toEqual([...PUBLIC, ...PERSON, ...OPERATOR].sort());
});

test('whoever is not known may only call what is public', async () => {
  const { app } = await startApp();
  for (const route of [...PERSON, ...OPERATOR]) {
    const response = await app.inject(toRequest(route));
    expect([route, response.statusCode, response.json().code]).toEqual([route, 401, 'unauthenticated']);
  }
  for (const route of PUBLIC) expect((await app.inject(toRequest(route))).statusCode).not.toBe(401);
});

test('an admin key is no person', async () => {
  const { app } = await startApp();
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  for (const route of PERSON) {
    const response = await app.inject({ ...toRequest(route), headers });
    expect([route, response.statusCode, response.json().code]).toEqual([route, 403, 'forbidden']);
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
  for (const route of OPERATOR) {
    const response = await app.inject({ ...toRequest(route), headers });
    expect([route, response.statusCode, response.json().code]).toEqual([route, status, code]);
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
  const { sessions, keyRing } = server.bunting;
  const app = Fastify();
  guard(app as never, { sessions, keys: keyRing, publicUrl: undefined });
  expect(() => app.get('/new', () => 'open to all?')).toThrow(/does not say who may call it/);
});
