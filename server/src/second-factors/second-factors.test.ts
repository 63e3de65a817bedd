import { Secret, TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { Browser, OWNER, signedIn } from '../testing/browser.ts';
import { startProgram } from '../testing/programs.ts';
import { startApp } from '../testing/start-app.ts';

const { email, password } = OWNER;
const PERIOD_MS = 30_000;

/** An installation whose owner has a second factor, and a clock. */
async function withFactor() {
  const clock = { nowMs: 1_900_000_000_000 };
  const server = await startApp({ now: () => clock.nowMs });
  const owner = await signedIn(server.app);
  const codeNow = await enrol(owner, clock);
  const codes = await owner.call('POST', '/second-factor/confirm', { code: codeNow() });
  expect(codes.status).toBe(200);
  const signIn = (code?: string, browser = new Browser(server.app)) =>
    browser.call('POST', '/session', { email, password, ...(code === undefined ? {} : { code }) });
  /** The next code: each counts once. */
  const nextCode = () => {
    clock.nowMs += PERIOD_MS;
    return codeNow();
  };
  return { server, owner, clock, nextCode, codeNow, signIn, recoveryCodes: codes.body.recoveryCodes as string[] };
}

/** Begins a second factor. @returns what the app shows */
async function enrol(browser: Browser, clock: { readonly nowMs: number }): Promise<() => string> {
  const { status, body } = await browser.call('POST', '/second-factor', { password });
  expect([status, body.uri?.startsWith('otpauth://totp/'), body.qr?.startsWith('<svg')]).toEqual([201, true, true]);
  const totp = new TOTP({ secret: Secret.fromBase32(body.secret) });
  return () => totp.generate({ timestamp: clock.nowMs });
}

test('who has a second factor signs in by password and code', async () => {
  const { owner, signIn, nextCode } = await withFactor();
  const since = new Date(1_900_000_000_000).toISOString();
  const told = { enabled: true, since, recoveryCodesLeft: 10, required: false };
  expect((await owner.call('GET', '/second-factor')).body).toEqual(told);
  const asked = await signIn();
  expect(asked).toMatchObject({ status: 403, body: { code: 'second_factor_required' } });
  expect(asked.headers['set-cookie']).toBeUndefined();
  expect((await signIn('000000')).body.code).toBe('wrong_code');
  expect(await signIn(nextCode())).toMatchObject({ status: 200, body: { user: { email }, mustEnrol: false } });
});

test('who does not know the password does not learn that there is a second factor', async () => {
  const { server, nextCode } = await withFactor();
  const answer = await new Browser(server.app).call('POST', '/session', { email, password: 'x', code: nextCode() });
  expect(answer.body.code).toBe('wrong_credentials');
});

test('a code counts once, also when it is used twice at once, and the one that confirmed counts no more', async () => {
  const { signIn, nextCode, codeNow } = await withFactor();
  expect((await signIn(codeNow())).body.code).toBe('wrong_code');
  const code = nextCode();
  const answers = await Promise.all([signIn(code), signIn(code), signIn(code)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
});

test('a recovery code works once, however it is typed', async () => {
  const { owner, server, signIn, recoveryCodes } = await withFactor();
  const [first = '', second = ''] = recoveryCodes;
  expect(new Set(recoveryCodes).size).toBe(10);
  const answers = await Promise.all([signIn(first.toLowerCase().replaceAll('-', ' ')), signIn(first)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
  expect((await owner.call('GET', '/second-factor')).body.recoveryCodesLeft).toBe(9);
  const rows = JSON.stringify(await server.app.bunting.database.selectFrom('recovery_codes').selectAll().execute());
  expect(rows).not.toContain(second.replaceAll('-', ''));
  const renewed = await owner.call('POST', '/second-factor/recovery-codes', { password, code: second });
  expect(renewed.body.recoveryCodes).toHaveLength(10);
  expect((await signIn(recoveryCodes[2])).body.code).toBe('wrong_code');
  expect((await signIn(renewed.body.recoveryCodes[0])).status).toBe(200);
});

test('codes can be guessed five times, then every two minutes', async () => {
  const { signIn, nextCode, clock } = await withFactor();
  for (let guesses = 0; guesses < 5; guesses++) expect((await signIn('000000')).status).toBe(403);
  expect((await signIn(nextCode())).status).toBe(429);
  clock.nowMs += 120_000;
  expect((await signIn(nextCode())).status).toBe(200);
});

test('setting it up takes the password and a code, and ends all other sessions', async () => {
  const clock = { nowMs: 1_900_000_000_000 };
  const { app } = await startApp({ now: () => clock.nowMs });
  const owner = await signedIn(app);
  const elsewhere = new Browser(app);
  await elsewhere.call('POST', '/session', { email, password });
  expect((await owner.call('POST', '/second-factor', { password: 'wrong' })).body.code).toBe('wrong_credentials');
  expect((await owner.call('POST', '/second-factor/confirm', { code: '123456' })).body.code).toBe('conflict');
  const codeNow = await enrol(owner, clock);
  expect((await owner.call('POST', '/second-factor/confirm', { code: '000000' })).body.code).toBe('wrong_code');
  // What was not confirmed is not asked for.
  expect((await elsewhere.call('POST', '/session', { email, password })).status).toBe(200);
  const { cookie: before } = owner;
  expect((await owner.call('POST', '/second-factor/confirm', { code: codeNow() })).status).toBe(200);
  expect(owner.cookie).not.toBe(before);
  expect((await owner.call('GET', '/session')).status).toBe(200);
  expect((await elsewhere.call('GET', '/session')).status).toBe(401);
  expect((await owner.call('POST', '/second-factor', { password })).body.code).toBe('conflict');
});

test('removing it takes password and code; afterwards the password is enough', async () => {
  const { owner, signIn, nextCode } = await withFactor();
  const remove = (code: string) => owner.call('POST', '/second-factor/remove', { password, code });
  expect((await remove('000000')).status).toBe(403);
  expect((await remove(nextCode())).status).toBe(204);
  expect((await owner.call('GET', '/second-factor')).body.enabled).toBe(false);
  expect((await signIn()).status).toBe(200);
});

test('someone who may do as much resets it, and nobody else', async () => {
  const { server, owner, signIn } = await withFactor();
  const { id } = (await owner.call('GET', '/session')).body.user;
  const admin = await startProgram(server, 'admin');
  const path = `/users/${id}/second-factor`;
  expect((await server.call('DELETE', path, undefined, admin.headers)).status).toBe(403);
  expect((await server.call('DELETE', path)).status).toBe(204);
  expect((await owner.call('GET', '/session')).status).toBe(401);
  expect((await signIn()).status).toBe(200);
  const { items } = (await server.call('GET', '/audit')).body;
  expect(items[0]).toMatchObject({ action: 'user.second-factor-removed', target: { key: id } });
});

test('a password link asks for the code, too', async () => {
  const { server, owner, nextCode } = await withFactor();
  const { id } = (await owner.call('GET', '/session')).body.user;
  const { body: link } = await server.call('POST', `/users/${id}/link`);
  const set = (code?: string) =>
    new Browser(server.app).call('POST', '/password', {
      token: link.token,
      password: 'another long password',
      ...(code === undefined ? {} : { code }),
    });
  expect((await set()).body.code).toBe('second_factor_required');
  expect((await set('000000')).body.code).toBe('wrong_code');
  expect((await set(nextCode())).status).toBe(201);
});

test('where it is required, who lacks one can do nothing but set it up, from the next request on', async () => {
  const clock = { nowMs: 1_900_000_000_000 };
  const server = await startApp({ now: () => clock.nowMs });
  const owner = await signedIn(server.app);
  const policy = { passwords: 'everyone', requireSecondFactor: true };
  expect((await owner.call('PUT', '/sign-in-policy', policy)).status).toBe(200);
  expect((await owner.call('GET', '/projects')).body.code).toBe('second_factor_missing');
  expect((await owner.call('PUT', '/password', {})).body.code).toBe('second_factor_missing');
  expect((await owner.call('GET', '/session')).body).toMatchObject({ user: { email }, mustEnrol: true });
  const told = { enabled: false, since: null, recoveryCodesLeft: 0, required: true };
  expect((await owner.call('GET', '/second-factor')).body).toEqual(told);
  const again = new Browser(server.app);
  expect((await again.call('POST', '/session', { email, password })).body.mustEnrol).toBe(true);
  const codeNow = await enrol(again, clock);
  expect((await again.call('POST', '/second-factor/confirm', { code: codeNow() })).status).toBe(200);
  expect((await again.call('GET', '/session')).body.mustEnrol).toBe(false);
  expect((await again.call('GET', '/sign-in-policy')).body).toEqual(policy);
  // A new password is no way around it, nor does it take the factor away.
  const change = { oldPassword: password, password: 'another long password' };
  expect((await again.call('PUT', '/password', change)).body.mustEnrol).toBe(false);
  // Programs have no second factor.
  const program = await startProgram(server, 'viewer');
  expect((await server.call('GET', '/projects', undefined, program.headers)).status).toBe(200);
});

test('a live view ends when its session lacks the second factor that is required now', async () => {
  const server = await startApp();
  const owner = await signedIn(server.app);
  const lease = server.app.bunting.sessions.lease(owner.cookie?.split('=')[1] ?? '');
  expect(await lease.isValid()).toBe(true);
  await server.call('PUT', '/sign-in-policy', { passwords: 'everyone', requireSecondFactor: true });
  expect(await lease.isValid()).toBe(false);
});

test('the secret is stored sealed', async () => {
  const { app } = await startApp();
  const owner = await signedIn(app);
  const { body } = await owner.call('POST', '/second-factor', { password });
  const rows = JSON.stringify(await app.bunting.database.selectFrom('second_factors').selectAll().execute());
  expect(rows).not.toContain(body.secret);
});
