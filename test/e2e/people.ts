import type { BrowserContext, Page } from 'playwright-core';
import type { TestServer } from '../processes/server.ts';

export const owner = { name: 'Owner', email: 'owner@example.com', password: 'correct horse battery staple' };

/** Creates the owner's account by the one-time link, on a server without flags, and goes on to the list of them. */
export async function setUpOwner(page: Page, setupUrl: string): Promise<void> {
  await page.goto(setupUrl);
  await page.getByLabel('Name').fill(owner.name);
  await page.getByLabel('Email').fill(owner.email);
  await page.getByLabel('Password').fill(owner.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('link', { name: 'Skip for now' }).click();
  await page.getByRole('heading', { name: 'Flags', exact: true }).waitFor();
}

/** The same without its page: what comes of it is in the context. */
export async function makeOwner({ request }: BrowserContext, { url, setupUrl }: TestServer): Promise<void> {
  const token = new URL(setupUrl).searchParams.get('token');
  const answer = await request.post(`${url}/api/v1/setup`, { data: { ...owner, token } });
  if (!answer.ok()) throw new Error(`the owner was not made: ${await answer.text()}`);
}

/** Signs the owner in without the page of it, unless they are. @returns whether they were not */
export async function signInByRequest({ request }: BrowserContext, serverUrl: string): Promise<boolean> {
  const session = `${serverUrl}/api/v1/session`;
  if ((await request.get(session)).ok()) return false;
  const { email, password } = owner;
  const answer = await request.post(session, { data: { email, password } });
  if (!answer.ok()) throw new Error(`the owner could not sign in: ${await answer.text()}`);
  return true;
}

/** Signs in and waits for the first page. */
export async function signIn(page: Page, serverUrl: string): Promise<void> {
  await page.goto(serverUrl);
  await tryToSignIn(page, owner.password);
  await page.getByRole('heading', { name: 'Flags', exact: true }).waitFor();
}

/** Fills the sign-in page and sends it, whatever comes of it. */
export async function tryToSignIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('Email').fill(owner.email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

let made = 0;

/**
 * Makes an account that may do so much and no more in the project, and signs in as them instead, on the first page.
 * @param may a role of the server's, or permissions
 */
export async function becomeSomeone(page: Page, server: TestServer, may: string | readonly string[]): Promise<void> {
  made += 1;
  const role = typeof may === 'string' ? may : `role-${made}`;
  if (typeof may !== 'string') await server.api.call('PUT', `/roles/${role}`, { name: role, permissions: may });
  const account = { name: 'Grace', email: `grace-${made}@example.com` };
  const { user, link } = await server.api.call<{ user: { id: string }; link: { token: string } }>(
    ...(['POST', '/users', account] as const),
  );
  await server.api.call('POST', '/grants', { subject: { kind: 'user', id: user.id }, role, project: 'default' });
  // What the page still asks for must not be asked without a session.
  await page.goto('about:blank');
  const { request } = page.context();
  await page.context().clearCookies();
  const data = { token: link.token, password: 'a long enough password' };
  const answer = await request.post(`${server.url}/api/v1/password`, { data });
  if (!answer.ok()) throw new Error(`the password was refused: ${await answer.text()}`);
  await page.goto(server.url);
  await page.getByRole('heading', { name: 'Flags', exact: true }).waitFor();
}
