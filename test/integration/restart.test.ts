import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeFlag, makeFlag, makeKey, split } from '../processes/flags.ts';
import { startServer, type TestServer } from '../processes/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

test('a second start of the same data finds everything as it was', async () => {
  const { api } = server;
  await makeFlag(api, { key: 'one', type: 'boolean' }, { enabled: true, defaultRule: split({ on: 12.5, off: 87.5 }) });
  await makeFlag(api, { key: 'two', type: 'boolean' });
  await changeFlag(api, 'two', { enabled: true }, 'production');
  await api.call('POST', '/projects/default/flags/two/archive');
  await api.call('POST', '/projects', { key: 'second', name: 'Second project' });
  await makeKey(api, 'server');
  const paths = [
    '/projects',
    '/projects/default/flags',
    '/projects/default/flags?archived=true',
    '/projects/default/environments/development/keys',
    '/projects/default/environments/development/receipts',
    '/audit?limit=200',
  ];
  const read = () => Promise.all(paths.map((path) => api.call('GET', path)));

  const before = await read();
  expect(await server.stop()).toBe(0);
  await server.restart();
  expect(await read()).toEqual(before);
});

test('a start tells no first keys again, but the set-up link until there is an owner', async () => {
  const token = new URL(server.setupUrl).searchParams.get('token');
  const owner = { token, name: 'Owner', email: 'owner@example.com', password: 'correct horse battery' };
  const setUp = (body: object) =>
    fetch(`${server.url}/api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect(await (await fetch(`${server.url}/api/v1/setup`)).json()).toEqual({ required: true });
  const wrong = await setUp({ ...owner, token: 'wrong' });
  expect({ status: wrong.status, body: await wrong.json() }).toMatchObject({
    status: 403,
    body: { code: 'setup_token_invalid' },
  });
  expect((await setUp(owner)).status).toBe(201);
  const again = await setUp(owner);
  expect({ status: again.status, body: await again.json() }).toMatchObject({
    status: 409,
    body: { code: 'already_set_up' },
  });
  await server.stop();
  await server.restart();
  expect(await (await fetch(`${server.url}/api/v1/setup`)).json()).toEqual({ required: false });
});
