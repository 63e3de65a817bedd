import { expect, test } from 'vitest';
import { Browser, OWNER, signedIn } from '../testing/browser.ts';
import { startApp } from '../testing/start-app.ts';

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

test('a session ends when it was not used for a week, and 30 days after it was begun', async () => {
  let nowMs = Date.now();
  const { app } = await startApp({ now: () => nowMs });
  const browser = await signedIn(app);
  for (let week = 1; week <= 4; week++) {
    nowMs += 7 * DAY_MS - 1;
    const used = await browser.call('GET', '/session');
    expect([week, used.status]).toEqual([week, 200]);
    // The cookie lives as long as the session does.
    expect(used.headers['set-cookie']).toContain(week === 4 ? 'Max-Age=172800' : 'Max-Age=604800');
    expect((await browser.call('GET', '/session')).headers['set-cookie']).toBeUndefined();
  }
  nowMs += 2 * DAY_MS + 4;
  expect((await browser.call('GET', '/session')).status).toBe(401);
  const idle = new Browser(app);
  await idle.call('POST', '/session', { email, password });
  nowMs += 7 * DAY_MS;
  expect((await idle.call('GET', '/session')).status).toBe(401);
});

test('over https the cookie is of this host alone, and no other is taken', async () => {
  const { app } = await startApp({ config: { trustProxy: true } });
  const headers = { 'x-forwarded-proto': 'https' };
  const browser = new Browser(app);
  const answer = await browser.call('POST', '/setup', { ...OWNER, token: app.bunting.setupToken }, headers);
  expect(answer.headers['set-cookie']).toMatch(
    /^__Host-bunting_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  );
  expect((await browser.call('GET', '/session', undefined, headers)).status).toBe(200);
  browser.cookie = browser.cookie?.replace('__Host-', '');
  expect((await browser.call('GET', '/session', undefined, headers)).status).toBe(401);
});

test('people see where they are signed in, and end one session or all others', async () => {
  const { app } = await startApp();
  const here = await signedIn(app);
  const others = [new Browser(app), new Browser(app)];
  for (const other of others) {
    await other.call('POST', '/session', { email, password }, { 'user-agent': 'Elsewhere 1.0' });
  }
  const { items } = (await here.call('GET', '/sessions')).body;
  expect(items.map(({ isCurrent }: { isCurrent: boolean }) => isCurrent).sort()).toEqual([false, false, true]);
  const other = items.find(({ isCurrent }: { isCurrent: boolean }) => !isCurrent);
  expect(other).toMatchObject({ address: '127.0.0.1', userAgent: 'Elsewhere 1.0' });
  expect((await here.call('DELETE', `/sessions/${other.id}`)).status).toBe(204);
  expect((await here.call('DELETE', `/sessions/${other.id}`)).status).toBe(404);
  const statuses = async () => Promise.all(others.map(async (one) => (await one.call('GET', '/session')).status));
  expect((await statuses()).sort()).toEqual([200, 401]);
  expect((await here.call('DELETE', '/sessions')).status).toBe(204);
  expect(await statuses()).toEqual([401, 401]);
  expect((await here.call('GET', '/session')).status).toBe(200);
});

test("nobody ends another person's session by its id", async () => {
  const server = await startApp();
  const owner = await signedIn(server.app);
  const [{ id }] = (await owner.call('GET', '/sessions')).body.items;
  const { body } = await server.call('POST', '/users', { email: 'grace@example.com', name: 'Grace' });
  const grace = new Browser(server.app);
  await grace.call('POST', '/password', { token: body.link.token, password: 'a long enough password' });
  expect((await grace.call('DELETE', `/sessions/${id}`)).status).toBe(404);
  expect((await owner.call('GET', '/session')).status).toBe(200);
});
