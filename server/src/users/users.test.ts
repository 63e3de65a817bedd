import { expect, test } from 'vitest';
import { Browser, OWNER, signedIn } from '../testing/browser.ts';
import { startProgram } from '../testing/programs.ts';
import { startApp, type TestServer } from '../testing/start-app.ts';

const GRACE = { email: 'grace@example.com', name: 'Grace' };
const PASSWORD = 'a long enough password';

async function invite({ call }: TestServer, person = GRACE) {
  const { status, body } = await call('POST', '/users', person);
  expect(status).toBe(201);
  return body as { user: { id: string }; link: { token: string } };
}

/** Someone who has set a password, and is signed in. */
async function join(server: TestServer, role?: string) {
  const { user, link } = await invite(server);
  if (role !== undefined) await server.call('POST', '/grants', { subject: { kind: 'user', id: user.id }, role });
  const browser = new Browser(server.app);
  const answer = await browser.call('POST', '/password', { token: link.token, password: PASSWORD });
  expect(answer.status).toBe(201);
  return { user, browser };
}

test('someone who is invited sets a password by the link, is signed in, and may do what they are granted', async () => {
  const server = await startApp();
  const { user, browser } = await join(server);
  expect((await browser.call('GET', '/session')).body.user).toEqual({ id: user.id, ...GRACE });
  expect((await browser.call('GET', '/projects')).body.code).toBe('forbidden');
  await server.call('POST', '/grants', { subject: { kind: 'user', id: user.id }, role: 'viewer', project: 'default' });
  const { body } = await browser.call('GET', '/projects');
  expect(body.items.map(({ key }: { key: string }) => key)).toEqual(['default']);
  expect((await browser.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' })).status).toBe(403);
  const again = await new Browser(server.app).call('POST', '/session', { email: GRACE.email, password: PASSWORD });
  expect(again.status).toBe(200);
});

test('a link works once, not after a newer one, and not for ever', async () => {
  let nowMs = Date.now();
  const server = await startApp({ now: () => nowMs });
  const { user, link } = await invite(server);
  const tryLink = async (token: string) =>
    (await new Browser(server.app).call('POST', '/password', { token, password: PASSWORD })).body.code;
  const { body: second } = await server.call('POST', `/users/${user.id}/link`);
  expect(await tryLink(link.token)).toBe('link_invalid');
  expect(await tryLink(second.token)).toBeUndefined();
  expect(await tryLink(second.token)).toBe('link_invalid');
  const { body: third } = await server.call('POST', `/users/${user.id}/link`);
  nowMs += 7 * 24 * 60 * 60 * 1000 + 1;
  expect(await tryLink(third.token)).toBe('link_invalid');
  const rows = JSON.stringify(await server.app.bunting.database.selectFrom('password_links').selectAll().execute());
  expect(rows).not.toContain(third.token);
});

test('one link used twice at once sets one password', async () => {
  const server = await startApp();
  const { link } = await invite(server);
  const answers = await Promise.all(
    ['first password of two', 'second password of two'].map((password) =>
      new Browser(server.app).call('POST', '/password', { token: link.token, password }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 403]);
});

test('a new password ends the sessions that were begun with the old one', async () => {
  const server = await startApp();
  const { user, browser } = await join(server, 'viewer');
  const { body: link } = await server.call('POST', `/users/${user.id}/link`);
  await new Browser(server.app).call('POST', '/password', { token: link.token, password: 'another long password' });
  expect((await browser.call('GET', '/projects')).status).toBe(401);
});

test('who manages people sees where someone is signed in, and signs them out everywhere', async () => {
  const server = await startApp();
  const { user, browser } = await join(server, 'viewer');
  const { body } = await server.call('GET', `/users/${user.id}/sessions`);
  expect(body.items).toMatchObject([{ isCurrent: false, address: '127.0.0.1' }]);
  expect((await server.call('DELETE', `/users/${user.id}/sessions`)).status).toBe(204);
  expect((await browser.call('GET', '/session')).status).toBe(401);
  const [event] = (await server.call('GET', '/audit')).body.items;
  expect(event).toMatchObject({ action: 'user.signed-out', target: { key: user.id } });
});

test('who is disabled is out at once, and back as they were when enabled', async () => {
  const server = await startApp();
  const { user, browser } = await join(server, 'admin');
  const { body: token } = await browser.call('POST', '/tokens', { name: 'laptop', expiresInDays: 30 });
  const byToken = () => server.call('GET', '/projects', undefined, { authorization: `Bearer ${token.secret}` });
  expect((await byToken()).status).toBe(200);
  const disabled = await server.call('PATCH', `/users/${user.id}`, { disabled: true });
  expect(disabled.body).toMatchObject({ state: 'disabled' });
  expect((await browser.call('GET', '/projects')).status).toBe(401);
  expect((await byToken()).status).toBe(401);
  const signIn = () => new Browser(server.app).call('POST', '/session', { email: GRACE.email, password: PASSWORD });
  expect((await signIn()).body.code).toBe('wrong_credentials');
  expect((await server.call('POST', `/users/${user.id}/link`)).body.code).toBe('conflict');
  await server.call('PATCH', `/users/${user.id}`, { disabled: false });
  expect((await signIn()).status).toBe(200);
  expect((await byToken()).status).toBe(200);
});

test('nobody but someone who may do as much touches an owner', async () => {
  const server = await startApp();
  const owner = await signedIn(server.app);
  const { id } = (await owner.call('GET', '/session')).body.user;
  const { headers } = await startProgram(server, 'admin');
  const tries = [
    ['PATCH', `/users/${id}`, { disabled: true }],
    ['PATCH', `/users/${id}`, { email: 'eve@example.com' }],
    ['DELETE', `/users/${id}`, undefined],
    ['POST', `/users/${id}/link`, undefined],
    ['GET', `/users/${id}/sessions`, undefined],
    ['DELETE', `/users/${id}/sessions`, undefined],
    ['POST', '/grants', { subject: { kind: 'user', id }, role: 'owner' }],
  ] as const;
  for (const [method, path, body] of tries) {
    const answer = await server.call(method, path, body, headers);
    expect([method, path, answer.status, answer.body.message]).toEqual([
      method,
      path,
      403,
      expect.stringContaining('may do more than you'),
    ]);
  }
  expect((await owner.call('GET', '/session')).status).toBe(200);
});

test('the last owner who can sign in stays: not disabled, not removed, not demoted', async () => {
  const server = await startApp();
  const owner = await signedIn(server.app);
  const { id } = (await owner.call('GET', '/session')).body.user;
  const { body: grants } = await server.call('GET', `/grants?user=${id}`);
  const removals = [
    ['PATCH', `/users/${id}`, { disabled: true }],
    ['DELETE', `/users/${id}`, undefined],
    ['DELETE', `/grants/${grants.items[0].id}`, undefined],
  ] as const;
  const refused = async () => {
    for (const [method, path, body] of removals) {
      const answer = await server.call(method, path, body);
      expect([method, path, answer.status]).toEqual([method, path, 409]);
      expect(answer.body.message).toContain('Nobody would be an owner');
    }
  };
  await refused();
  // Someone who was only invited cannot sign in yet.
  const { user, link } = await invite(server);
  await server.call('POST', '/grants', { subject: { kind: 'user', id: user.id }, role: 'owner' });
  await refused();
  await new Browser(server.app).call('POST', '/password', { token: link.token, password: PASSWORD });
  expect((await server.call('DELETE', `/grants/${grants.items[0].id}`)).status).toBe(204);
  expect((await owner.call('GET', '/projects')).status).toBe(403);
});

test('of two owners who demote each other at once one stays', async () => {
  const server = await startApp();
  const ada = await signedIn(server.app);
  const { id: adaId } = (await ada.call('GET', '/session')).body.user;
  const { user, browser } = await join(server, 'owner');
  const grantOf = async (id: string) => (await server.call('GET', `/grants?user=${id}`)).body.items[0].id;
  const [adas, graces] = [await grantOf(adaId), await grantOf(user.id)];
  const answers = await Promise.all([
    ada.call('DELETE', `/grants/${graces}`),
    browser.call('DELETE', `/grants/${adas}`),
  ]);
  expect(answers.map(({ status }) => status).sort()).not.toEqual([204, 204]);
  const { body } = await server.call('GET', '/grants');
  expect(body.items.filter(({ role }: { role: string }) => role === 'owner')).toHaveLength(1);
});

test('people are listed by email, searched, renamed and removed, and one address has one account', async () => {
  const server = await startApp();
  const { user } = await invite(server);
  await invite(server, { email: 'Alan@Example.com', name: 'Alan' });
  const emails = async (query = '') =>
    (await server.call('GET', `/users${query}`)).body.items.map(({ email }: { email: string }) => email);
  expect(await emails()).toEqual(['alan@example.com', GRACE.email]);
  expect(await emails('?search=GRA')).toEqual([GRACE.email]);
  const { body } = await server.call('GET', '/users?limit=1');
  expect(await emails(`?cursor=${body.nextCursor}`)).toEqual([GRACE.email]);
  expect((await server.call('POST', '/users', { email: ' GRACE@example.com ', name: 'x' })).status).toBe(409);
  expect((await server.call('PATCH', `/users/${user.id}`, { email: 'alan@example.com' })).status).toBe(409);
  const renamed = await server.call('PATCH', `/users/${user.id}`, { name: 'Grace H.' });
  expect(renamed.body).toMatchObject({ name: 'Grace H.', state: 'invited' });
  expect((await server.call('DELETE', `/users/${user.id}`)).status).toBe(204);
  expect((await server.call('GET', `/users/${user.id}`)).status).toBe(404);
  const { items } = (await server.call('GET', '/audit')).body;
  expect(items[0]).toMatchObject({ action: 'user.removed', before: { email: GRACE.email } });
});

test('who was found in memory is let in to kill while the database fails, by what they may do', async () => {
  const server = await startApp();
  await server.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const editor = await startProgram(server, 'editor');
  const viewer = await startProgram(server, 'viewer');
  await server.app.bunting.database.destroy();
  const path = '/projects/default/flags/a/environments/production/kill';
  expect((await server.call('POST', path, { reason: 'errors' }, viewer.headers)).status).toBe(403);
  const answer = await server.call('POST', path, { reason: 'errors' }, editor.headers);
  expect(answer).toMatchObject({ status: 200, body: { engaged: true, stored: false } });
});

test('sign-in tells nothing of an account that has no password yet', async () => {
  const server = await startApp();
  await invite(server);
  for (const email of [GRACE.email, 'nobody@example.com', OWNER.email]) {
    const answer = await new Browser(server.app).call('POST', '/session', { email, password: '' });
    expect([email, answer.status, answer.body.code]).toEqual([email, 401, 'wrong_credentials']);
  }
});
