import { expect, test } from 'vitest';
import { hashSecret } from '../access/secrets.ts';
import { signedIn } from '../testing/browser.ts';
import { startProgram } from '../testing/programs.ts';
import { startApp } from '../testing/start-app.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

test('a personal token acts as its person, is shown once, stored as a hash, and revoked at once', async () => {
  const server = await startApp();
  const browser = await signedIn(server.app);
  const { user } = (await browser.call('GET', '/session')).body;
  const { status, body: token } = await browser.call('POST', '/tokens', { name: 'laptop', expiresInDays: 30 });
  expect(status).toBe(201);
  expect(token.secret).toMatch(/^bnt_pat_[\w-]{43}$/);
  const { database } = server.app.bunting;
  const rows = JSON.stringify(await database.selectFrom('tokens').selectAll().execute());
  expect(rows).toContain(hashSecret(token.secret));
  expect(rows).not.toContain(token.secret);

  await server.call('POST', '/projects', { key: 'made', name: 'Made' }, bearer(token.secret));
  const { body: audit } = await server.call('GET', '/audit?project=made');
  expect(audit.items[0].actor).toEqual({ kind: 'user', id: user.id, name: 'Ada (token laptop)' });
  const listed = async () => (await browser.call('GET', '/tokens')).body.items[0];
  await expect.poll(async () => (await listed()).lastUsedAt).not.toBeNull();
  const { secret, lastUsedAt: _, ...shown } = token;
  expect(await listed()).toMatchObject(shown);

  expect((await browser.call('DELETE', `/tokens/${token.id}`)).status).toBe(204);
  expect((await browser.call('DELETE', `/tokens/${token.id}`)).status).toBe(204);
  expect((await server.call('GET', '/projects', undefined, bearer(secret))).status).toBe(401);
  expect(server.logs.join()).not.toContain(secret);
});

test('a token ends when its time has come', async () => {
  let nowMs = Date.now();
  const server = await startApp({ now: () => nowMs });
  const browser = await signedIn(server.app);
  const { body } = await browser.call('POST', '/tokens', { name: 'a day', expiresInDays: 1 });
  nowMs += DAY_MS - 1;
  expect((await server.call('GET', '/projects', undefined, bearer(body.secret))).status).toBe(200);
  nowMs += 1;
  const late = await server.call('GET', '/projects', undefined, bearer(body.secret));
  expect(late).toMatchObject({ status: 401, body: { message: expect.stringContaining('expired') } });
  const forEver = await browser.call('POST', '/tokens', { name: 'x', expiresInDays: null });
  expect(forEver.body.details).toEqual([{ path: 'expiresInDays', message: expect.stringContaining('expires') }]);
});

test('a token can be made for some permissions only', async () => {
  const server = await startApp();
  await server.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const browser = await signedIn(server.app);
  const input = { name: 'alarm', expiresInDays: 30, permissions: ['kill:engage'] };
  const { body } = await browser.call('POST', '/tokens', input);
  const as = bearer(body.secret);
  const at = '/projects/default/flags/a/environments/production';
  expect((await server.call('POST', `${at}/kill`, { reason: 'errors' }, as)).status).toBe(200);
  expect((await server.call('POST', `${at}/rearm`, { reason: 'errors' }, as)).status).toBe(403);
  expect((await server.call('GET', '/projects/default/flags', undefined, as)).status).toBe(403);
  expect((await server.call('POST', '/users', { email: 'a@example.com', name: 'A' }, as)).status).toBe(403);
});

test('nobody makes a token of a service account that may do more than they, nor one for more than they may', async () => {
  const server = await startApp();
  const owner = await startProgram(server, 'owner');
  const admin = await startProgram(server, 'admin');
  const path = `/service-accounts/${owner.id}/tokens`;
  const input = { name: 'mine', expiresInDays: 1 };
  expect((await server.call('POST', path, input, admin.headers)).status).toBe(403);
  const { body: tokens } = await server.call('GET', path);
  expect((await server.call('DELETE', `${path}/${tokens.items[0].id}`, undefined, admin.headers)).status).toBe(403);
  expect((await server.call('DELETE', `${path}/${tokens.items[0].id}`)).status).toBe(204);
  expect((await server.call('GET', '/projects', undefined, owner.headers)).status).toBe(401);
});

test('a service account acts under its name, and not when it is disabled or removed', async () => {
  const server = await startApp();
  const { id, headers } = await startProgram(server, 'admin');
  await server.call('POST', '/projects', { key: 'made', name: 'Made' }, headers);
  const { body: audit } = await server.call('GET', '/audit?project=made');
  expect(audit.items[0].actor).toEqual({
    kind: 'key',
    id,
    name: expect.stringMatching(/^program \d+ \(token test\)$/),
  });
  const status = async () => (await server.call('GET', '/projects', undefined, headers)).status;
  await server.call('PATCH', `/service-accounts/${id}`, { disabled: true });
  expect(await status()).toBe(401);
  await server.call('PATCH', `/service-accounts/${id}`, { disabled: false });
  expect(await status()).toBe(200);
  await server.call('DELETE', `/service-accounts/${id}`);
  expect(await status()).toBe(401);
});

test('what someone reads live ends when they may not read it any more', async () => {
  const server = await startApp();
  const { id, headers } = await startProgram(server, 'viewer');
  const url = '/api/v1/projects/default/receipts/stream';
  const response = await server.app.inject({ method: 'GET', url, headers, payloadAsStream: true });
  expect(response.statusCode).toBe(200);
  const stream = response.stream();
  stream.resume();
  const ended = new Promise((resolve) => stream.once('end', resolve));
  const { body } = await server.call('GET', `/grants?serviceAccount=${id}`);
  await server.call('DELETE', `/grants/${body.items[0].id}`);
  await ended;
});
