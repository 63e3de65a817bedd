import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../processes/browser.ts';
import { startOidcProvider, type TestOidcProvider } from '../processes/oidc-provider.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { setUpOwner, tryToSignIn } from './people.ts';

const found = await launchBrowser();
if (!found.browser) console.warn(`browser tests are skipped: ${found.reason}`);
afterAll(() => found.browser?.close());

const PEOPLE = {
  grace: { email: 'grace@example.com', email_verified: true, name: 'Grace Hopper', groups: ['devs', 'choir'] },
  eve: { email: 'owner@example.com', email_verified: false, name: 'Eve' },
  owner: { email: 'owner@example.com', email_verified: true, name: 'The Owner' },
  mallory: { email: 'mallory@elsewhere.example', email_verified: true, name: 'Mallory' },
};

describe.skipIf(!found.browser)('single sign-on by a real provider, in a real browser', () => {
  let server: TestServer;
  let provider: TestOidcProvider;
  let page: Page;

  beforeAll(async () => {
    if (!found.browser) return;
    server = await startServer({ env: { BUNTING_EGRESS_ALLOW: 'localhost' } });
    provider = await startOidcProvider(`${server.url}/api/v1/sign-in/corp/callback`, PEOPLE);
    const { page: first } = await openPage(found.browser);
    await setUpOwner(first, server.setupUrl);
    await first.context().close();
    const group = (await server.api.call('POST', '/groups', { name: 'Developers' })) as { id: string };
    await server.api.call('POST', '/grants', { subject: { kind: 'group', id: group.id }, role: 'editor' });
    await server.api.call('PUT', '/identity-providers/corp', {
      name: 'Corp',
      issuer: provider.issuer,
      clientId: 'bunting',
      clientSecret: provider.clientSecret,
      scopes: 'openid email profile groups',
      emailDomains: ['example.com'],
      groups: { claim: 'groups', groups: [{ value: 'devs', group: group.id }] },
    });
  });
  afterAll(async () => {
    await provider?.stop();
    await server?.remove();
  });
  beforeEach(async () => {
    if (!found.browser) return;
    ({ page } = await openPage(found.browser));
  });
  afterEach(() => page.context().close());

  /** Goes to the server, by its sign-in page to the provider, and back. */
  async function signInAs(name: string, path = '/') {
    await page.goto(`${server.url}${path}`);
    await page.getByRole('link', { name: 'Sign in with Corp' }).click();
    await page.waitForURL(`${provider.issuer}/**`);
    await page.locator('input[name=login]').fill(name);
    await page.locator('input[name=password]').fill('any');
    await page.locator('button[type=submit]').click();
    await page.locator('button[autofocus][type=submit]').click();
    await page.waitForURL(`${server.url}/**`);
  }

  test('who comes for the first time gets an account with the groups that the provider tells, and the page they wanted', async () => {
    await signInAs('grace', '/projects/default/flags?search=check');
    await page.getByRole('heading', { name: 'Flags', exact: true }).waitFor();
    expect(new URL(page.url()).search).toBe('?search=check');
    await page.getByText('Grace Hopper').waitFor();
    const { items } = (await server.api.call('GET', '/users?search=grace')) as { items: object[] };
    expect(items).toMatchObject([{ email: 'grace@example.com', name: 'Grace Hopper', state: 'invited' }]);
    const cookies = await page.context().cookies(server.url);
    expect(cookies.find(({ name }) => name === 'bunting_session')).toMatchObject({
      httpOnly: true,
      sameSite: 'Strict',
    });
    expect(cookies.some(({ name }) => name === 'bunting_sign_in')).toBe(false);
  });

  test('an address that the provider did not verify is nobody, though there is an account with it', async () => {
    await signInAs('eve');
    await page.getByRole('alert').filter({ hasText: 'not say that your email address is verified' }).waitFor();
  });

  test('an address of another domain is refused', async () => {
    await signInAs('mallory');
    await page.getByRole('alert').filter({ hasText: 'Addresses of your domain' }).waitFor();
  });

  test('a verified address is the person who has it already', async () => {
    await signInAs('owner');
    await page.getByRole('heading', { name: 'Flags', exact: true }).waitFor();
    const { items } = (await server.api.call('GET', '/users?search=owner@')) as { items: object[] };
    expect(items).toMatchObject([{ name: 'Owner' }]);
  });

  test('where passwords are for owners, others sign in by the provider only', async () => {
    const { user, link } = (await server.api.call('POST', '/users', { email: 'alan@example.com', name: 'Alan' })) as {
      user: { id: string };
      link: { token: string };
    };
    expect(user.id).not.toBe('');
    await server.api.call('PUT', '/sign-in-policy', { passwords: 'owners', requireSecondFactor: false });
    const body = JSON.stringify({ token: link.token, password: 'a long enough password' });
    const headers = { 'content-type': 'application/json' };
    const refused = await fetch(`${server.url}/api/v1/password`, { method: 'POST', headers, body });
    expect(await refused.json()).toMatchObject({ code: 'sso_required' });
    await page.goto(server.url);
    await tryToSignIn(page, 'correct horse battery staple');
    await page.getByRole('heading', { name: 'Flags', exact: true }).waitFor();
  });

  test('an answer that this browser did not ask for begins no session', async () => {
    const answer = `${server.url}/api/v1/sign-in/corp/callback?code=stolen&state=stolen`;
    await page.goto(answer);
    await page.getByRole('alert').filter({ hasText: 'another browser' }).waitFor();
    // Nor one with another state than the one that was asked with.
    await page.request.get(`${server.url}/api/v1/sign-in/corp`, { maxRedirects: 0 });
    await page.goto(answer);
    await page.getByRole('alert').filter({ hasText: 'could not sign you in' }).waitFor();
    expect((await page.request.get(`${server.url}/api/v1/session`)).status()).toBe(401);
  });
});
