import { Secret, TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import { Browser, OWNER, signedIn } from '../testing/browser.ts';
import { newFolder, startApp } from '../testing/start-app.ts';
import { engine, newDatabase } from '../testing/test-database.ts';
import { runRecover } from './recover-command.ts';
import { requireStrongPassword } from './strength.ts';

const ADA = { email: 'ada.lovelace@example.com', name: 'Ada Lovelace' };

test.each([
  'password1234',
  'Password2026!',
  '123456789012',
  'qwertyuiop12',
  'aaaaaaaaaaaa',
  'abcdefghijkl',
  'ada.lovelace@example.com',
  'lovelace1234',
  'Bunting2026!',
  'passwordpassword'.repeat(16),
])('%s is refused: it is easily guessed', async (password) => {
  await expect(requireStrongPassword(password, ADA)).rejects.toMatchObject({
    code: 'validation_failed',
    details: [{ path: 'password', message: expect.stringContaining('easily guessed') }],
  });
});

test.each(['correct horse battery', 'k9#vTq2!xLw8', 'тише едешь дальше будешь', 'ein langer Satz mit Wörtern'])(
  '%s is taken',
  async (password) => {
    await requireStrongPassword(password, ADA);
  },
);

test('whoever makes an account or uses a link must choose a password that is hard to guess', async () => {
  const { app, call } = await startApp();
  const token = app.bunting.setupToken;
  const setup = await new Browser(app).call('POST', '/setup', { ...OWNER, token, password: 'password1234' });
  expect(setup).toMatchObject({ status: 400, body: { details: [{ path: 'password' }] } });
  const { body } = await call('POST', '/users', { email: 'grace@example.com', name: 'Grace' });
  const setByLink = (password: string) =>
    new Browser(app).call('POST', '/password', { token: body.link.token, password });
  expect((await setByLink('grace@example.com')).status).toBe(400);
  // The link was not used up by it.
  expect((await setByLink('a long enough password')).status).toBe(201);
});

test('changing the password takes the old one, ends all other sessions, and begins this one anew', async () => {
  const { app, call } = await startApp();
  const here = await signedIn(app);
  const elsewhere = new Browser(app);
  await elsewhere.call('POST', '/session', { email: OWNER.email, password: OWNER.password });
  const { cookie: before } = here;
  const change = (oldPassword: string, password: string) => here.call('PUT', '/password', { oldPassword, password });
  expect((await change('not the old one', 'another long password')).body.code).toBe('wrong_credentials');
  expect((await change(OWNER.password, 'password1234')).status).toBe(400);
  expect((await elsewhere.call('GET', '/session')).status).toBe(200);
  expect((await change(OWNER.password, 'another long password')).status).toBe(200);
  expect(here.cookie).not.toBe(before);
  expect((await here.call('GET', '/session')).status).toBe(200);
  expect((await elsewhere.call('GET', '/session')).status).toBe(401);
  const stolen = new Browser(app);
  stolen.cookie = before;
  expect((await stolen.call('GET', '/session')).status).toBe(401);
  const [event] = (await call('GET', '/audit')).body.items;
  expect(event).toMatchObject({ action: 'user.password-set', actor: { name: OWNER.name } });
});

test('guesses at the old password count as attempts to sign in', async () => {
  const { app } = await startApp({ now: () => 1_900_000_000_000 });
  const browser = await signedIn(app);
  const guess = { oldPassword: 'wrong', password: 'another long password' };
  for (let guesses = 0; guesses < 10; guesses++) {
    expect((await browser.call('PUT', '/password', guess)).status).toBe(401);
  }
  expect((await browser.call('PUT', '/password', guess)).status).toBe(429);
  const { email, password } = OWNER;
  expect((await new Browser(app).call('POST', '/session', { email, password })).status).toBe(429);
});

test('a link that was made at the shell drops the second factor, beside a running server', async () => {
  const dataDir = newFolder();
  const databaseUrl = engine === 'postgres' ? await newDatabase() : undefined;
  const { app, call } = await startApp({ dataDir, config: { databaseUrl } });
  const owner = await signedIn(app);
  const { database } = app.bunting;
  const { body } = await owner.call('POST', '/second-factor', { password: OWNER.password });
  const code = new TOTP({ secret: Secret.fromBase32(body.secret) }).generate();
  expect((await owner.call('POST', '/second-factor/confirm', { code })).status).toBe(200);
  const printed: string[] = [];
  const config = { ...readConfig(), dataDir, databaseUrl };
  await expect(runRecover('eve@example.com', config, () => {})).rejects.toThrow(`Owners are: ${OWNER.email}`);
  await runRecover(OWNER.email, config, (line) => printed.push(line));
  const token = /token=(\S+)/.exec(printed.join('\n'))?.[1];
  const password = 'another long password';
  expect((await new Browser(app).call('POST', '/password', { token, password })).status).toBe(201);
  expect(await database.selectFrom('recovery_codes').selectAll().execute()).toEqual([]);
  const signIn = await new Browser(app).call('POST', '/session', { email: OWNER.email, password });
  expect(signIn.status).toBe(200);
  const { items } = (await call('GET', '/audit')).body;
  expect(items.slice(0, 3).map(({ action }: { action: string }) => action)).toEqual([
    'user.password-set',
    'user.second-factor-removed',
    'user.recovered',
  ]);
  expect((await call('GET', '/audit/verification')).body.intact).toBe(true);
});
