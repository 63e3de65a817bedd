import type { Page } from 'playwright-core';
import type { TestServer } from '../processes/server.ts';

export const owner = { name: 'Owner', email: 'owner@example.com', password: 'correct horse battery staple' };

/** Creates the owner's account by the one-time link. */
export async function setUpOwner(page: Page, setupUrl: string): Promise<void> {
  await page.goto(setupUrl);
  await page.getByLabel('Name').fill(owner.name);
  await page.getByLabel('Email').fill(owner.email);
  await page.getByLabel('Password').fill(owner.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: 'Flags', exact: true }).waitFor();
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

/** Makes an account that may do this and no more in the project, and signs in as them instead, on the first page. */
export async function becomeSomeone(page: Page, server: TestServer, permissions: readonly string[]): Promise<void> {
  const { user, link } = await server.api.call<{ user: { id: string }; link: { path: string } }>('POST', '/users', {
    ...{ email: `${permissions.join('-').replaceAll(':', '-')}@example.com`, name: 'Grace' },
  });
  const role = permissions.join('-').replaceAll(':', '-').slice(0, 90);
  await server.api.call('PUT', `/roles/${role}`, { name: role, permissions });
  await server.api.call('POST', '/grants', { subject: { kind: 'user', id: user.id }, role, project: 'default' });
  // What the page still asks for must not be asked without a session.
  await page.goto('about:blank');
  await page.context().clearCookies();
  await page.goto(server.url + link.path);
  await page.getByLabel('Password').fill('a long enough password');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByRole('heading', { name: 'Flags', exact: true }).waitFor();
}
