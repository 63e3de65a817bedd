import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { countOn } from '../store/counters.ts';
import { Browser, signedIn } from '../testing/browser.ts';
import { startProgram } from '../testing/programs.ts';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';

/** Two servers on one database, which hear of each other. */
async function startTwo(): Promise<[TestServer, TestServer]> {
  const dataDir = newFolder();
  const servers = await Promise.all([startApp({ dataDir }), startApp({ dataDir })]);
  for (const { app } of servers) await expect.poll(() => app.bunting.follower?.isListening).toBe(true);
  return servers;
}

const statusOn = async ({ call }: TestServer, headers: Record<string, string>) =>
  (await call('GET', '/projects', undefined, headers)).status;

test('what someone may do is given and taken on one server, and holds on the other', async () => {
  const [a, b] = await startTwo();
  const { id, headers } = await startProgram(a, 'viewer');
  await expect.poll(() => statusOn(b, headers)).toBe(200);
  const { body: grants } = await b.call('GET', `/grants?serviceAccount=${id}`);
  await b.call('DELETE', `/grants/${grants.items[0].id}`);
  expect(await statusOn(b, headers)).toBe(403);
  await expect.poll(() => statusOn(a, headers)).toBe(403);
  await a.call('PATCH', `/service-accounts/${id}`, { disabled: true });
  await expect.poll(() => statusOn(b, headers)).toBe(401);
});

test('what someone reads live on one server ends when they are disabled on the other', async () => {
  const [a, b] = await startTwo();
  const { id, headers } = await startProgram(a, 'viewer');
  await expect.poll(() => statusOn(b, headers)).toBe(200);
  const url = '/api/v1/projects/default/receipts/stream';
  const response = await b.app.inject({ method: 'GET', url, headers, payloadAsStream: true });
  const stream = response.stream();
  stream.resume();
  const ended = new Promise((resolve) => stream.once('end', resolve));
  await a.call('PATCH', `/service-accounts/${id}`, { disabled: true });
  await ended;
});

test('of two owners who demote each other on two servers at once one stays', async () => {
  const [a, b] = await startTwo();
  // Either of them may have made the link.
  const ada = await signedIn(a.app);
  const { id: adaId } = (await ada.call('GET', '/session')).body.user;
  const { body: invited } = await a.call('POST', '/users', { email: 'grace@example.com', name: 'Grace' });
  const graceId = invited.user.id;
  await a.call('POST', '/grants', { subject: { kind: 'user', id: graceId }, role: 'owner' });
  const grace = new Browser(b.app);
  await grace.call('POST', '/password', { token: invited.link.token, password: 'a long enough password' });
  const grantOf = async (id: string) => (await a.call('GET', `/grants?user=${id}`)).body.items[0].id;
  const [adas, graces] = [await grantOf(adaId), await grantOf(graceId)];
  await expect
    .poll(async () => (await grace.call('GET', '/permissions')).body.permissions)
    .toContain('installation:write');
  const answers = await Promise.all([ada.call('DELETE', `/grants/${graces}`), grace.call('DELETE', `/grants/${adas}`)]);
  expect(answers.map(({ status }) => status)).not.toEqual([204, 204]);
  const { body } = await a.call('GET', '/grants');
  expect(body.items.filter(({ role }: { role: string }) => role === 'owner')).toHaveLength(1);
});

test('who waits to make an environment keeps nobody else of the project waiting', async () => {
  const { app, call } = await startApp();
  const { database } = app.bunting;
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(database);
  const isAnyoneWaiting = async () => {
    const waiting = sql`select 1 from pg_stat_activity where datname = ${rows[0]?.name} and wait_event_type = 'Lock'`;
    return (await waiting.execute(database)).rows.length > 0;
  };
  const making = await database.transaction().execute(async (tx) => {
    await countOn(tx, 'access');
    const making = call('POST', '/projects/default/environments', { key: 'staging', name: 'Staging' });
    await expect.poll(isAnyoneWaiting).toBe(true);
    expect((await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' })).status).toBe(201);
    return [making];
  });
  expect((await making[0])?.status).toBe(201);
});

test('of two projects that are deleted on two servers at once one stays', async () => {
  const [a, b] = await startTwo();
  await a.call('POST', '/projects', { key: 'shop', name: 'Shop' });
  const answers = await Promise.all([
    a.call('DELETE', '/projects/default?confirm=default'),
    b.call('DELETE', '/projects/shop?confirm=shop'),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
});
