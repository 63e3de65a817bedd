import type { Page } from 'playwright-core';

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
