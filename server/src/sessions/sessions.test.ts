import { expect, test } from 'vitest';
import { Browser, OWNER, signedIn } from '../testing/browser.ts';
import { startApp } from '../testing/start-app.ts';
import { SESSION_LIFETIME_MS } from './cookie.ts';

const { email, password } = OWNER;
const DAY_MS = 24 * 60 * 60 * 1000;

test('signs in and out', async () => {
  const { app } = await startApp();
  await signedIn(app);
  const browser = new Browser(app);
  expect((await browser.call('GET', '/session')).status).toBe(401);
  const answer = await browser.call('POST', '/session', { email: 'ADA@example.com ', password });
  expect(answer).toMatchObject({ status: 200, body: { user: { email } } });
  const { cookie } = browser;
  expect((await browser.call('DELETE', '/session')).status).toBe(204);
  expect(browser.cookie).toBeUndefined();
  browser.cookie = cookie;
  expect((await browser.call('GET', '/session')).status).toBe(401);
});

test('answers the same for a wrong password and for an unknown user', async () => {
  const { app } = await startApp();
  await signedIn(app);
  const wrong = await new Browser(app).call('POST', '/session', { email, password: 'x' });
  const unknown = await new Browser(app).call('POST', '/session', { email: 'eve@example.com', password: 'x' });
  expect(wrong.status).toBe(401);
  expect({ ...wrong.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
  expect(wrong.body.code).toBe('wrong_credentials');
});

test('lets an account be tried ten times, then now and then', async () => {
  let nowMs = Date.now();
  const { app } = await startApp({ now: () => nowMs });
  await signedIn(app);
  const attempt = (guess: string) => new Browser(app).call('POST', '/session', { email, password: guess });
  for (let attempts = 0; attempts < 10; attempts++) expect((await attempt('wrong')).status).toBe(401);
  const refused = await attempt(password);
  expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
  expect(refused.headers['retry-after']).toBe('6');
  nowMs += 6_000;
  expect((await attempt(password)).status).toBe(200);
});

test('lets an address try twenty accounts, then now and then', async () => {
  const { app } = await startApp({ now: () => 1_000_000 });
  const statuses: number[] = [];
  for (let who = 0; who < 21; who++) {
    const body = { email: `user${who}@example.com`, password: 'wrong' };
    statuses.push((await new Browser(app).call('POST', '/session', body)).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 20 }, () => 401), 429]);
});

test('a session lasts 30 days from its last use, and its cookie with it', async () => {
  let nowMs = Date.now();
  const { app } = await startApp({ now: () => nowMs });
  const browser = await signedIn(app);
  nowMs += 29 * DAY_MS;
  const used = await browser.call('GET', '/session');
  expect(used.status).toBe(200);
  expect(used.headers['set-cookie']).toContain('Max-Age=2592000');
  expect((await browser.call('GET', '/session')).headers['set-cookie']).toBeUndefined();
  nowMs += 29 * DAY_MS;
  expect((await browser.call('GET', '/session')).status).toBe(200);
  nowMs += SESSION_LIFETIME_MS;
  expect((await browser.call('GET', '/session')).status).toBe(401);
});

test('the cookie is for https only when the page is', async () => {
  const { app } = await startApp({ config: { trustProxy: true } });
  const headers = { 'x-forwarded-proto': 'https' };
  const answer = await new Browser(app).call('POST', '/setup', { ...OWNER, token: app.bunting.setupToken }, headers);
  expect(answer.headers['set-cookie']).toContain('; Secure');
});
