import { expect, test } from 'vitest';
import { Browser, OWNER, signedIn } from '../testing/browser.ts';
import { newFolder, startApp } from '../testing/start-app.ts';

test('the one-time link makes the owner and signs them in', async () => {
  const { app } = await startApp();
  const browser = new Browser(app);
  expect((await browser.call('GET', '/setup')).body).toEqual({ required: true });
  const answer = await browser.call('POST', '/setup', {
    ...OWNER,
    email: ' Ada@Example.com',
    token: app.bunting.setupToken,
  });
  expect(answer.status).toBe(201);
  const { name, email } = OWNER;
  expect(answer.body).toEqual({ user: { id: expect.any(String), name, email }, mustEnrol: false });
  expect(answer.headers['set-cookie']).toMatch(
    /^bunting_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  expect((await browser.call('GET', '/session')).body).toEqual(answer.body);
  expect((await browser.call('GET', '/setup')).body).toEqual({ required: false });
});

test('a wrong token makes nobody', async () => {
  const { app } = await startApp();
  const browser = new Browser(app);
  const answer = await browser.call('POST', '/setup', { ...OWNER, token: 'x'.repeat(43) });
  expect(answer).toMatchObject({ status: 403, body: { code: 'setup_token_invalid' } });
  expect((await browser.call('GET', '/setup')).body.required).toBe(true);
});

test('the link works once', async () => {
  const { app } = await startApp();
  const token = app.bunting.setupToken;
  await signedIn(app);
  const answer = await new Browser(app).call('POST', '/setup', { ...OWNER, email: 'eve@example.com', token });
  expect(answer).toMatchObject({ status: 409, body: { code: 'already_set_up' } });
});

test('the link used twice at once makes one owner', async () => {
  const { app } = await startApp();
  const token = app.bunting.setupToken;
  const answers = await Promise.all(
    ['a', 'b', 'c'].map((who) =>
      new Browser(app).call('POST', '/setup', { ...OWNER, email: `${who}@example.com`, token }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
});

test('each start without an owner has a new link, and with one has none', async () => {
  const dataDir = newFolder();
  const first = await startApp({ dataDir });
  const { setupToken } = first.app.bunting;
  await first.app.close();
  const second = await startApp({ dataDir });
  expect(second.app.bunting.setupToken).toMatch(/^[\w-]{43}$/);
  expect(second.app.bunting.setupToken).not.toBe(setupToken);
  await signedIn(second.app);
  await second.app.close();
  const third = await startApp({ dataDir });
  expect(third.app.bunting.setupToken).toBeUndefined();
});

test('the first start makes a project with keys, later starts keep it', async () => {
  const dataDir = newFolder();
  const first = await startApp({ dataDir });
  expect(
    first.app.bunting.firstKeys.map(({ environment, kind, secret }) => [environment, kind, secret.slice(0, 8)]),
  ).toEqual([
    ['development', 'server', 'bnt_srv_'],
    ['development', 'client', 'bnt_cli_'],
    ['production', 'server', 'bnt_srv_'],
    ['production', 'client', 'bnt_cli_'],
  ]);
  const projects = (await first.call('GET', '/projects')).body;
  expect(projects.items).toMatchObject([{ key: 'default', name: 'Default project', flagCount: 0 }]);
  await first.app.close();
  const second = await startApp({ dataDir });
  expect(second.app.bunting.firstKeys).toEqual([]);
  expect((await second.call('GET', '/projects')).body).toEqual(projects);
});
