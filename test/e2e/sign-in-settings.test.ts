import { afterAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../processes/browser.ts';
import { startOidcProvider } from '../processes/oidc-provider.ts';
import { startServer } from '../processes/server.ts';
import { findBarriers, findBarriersEverywhere } from './accessible.ts';
import { setUpOwner } from './people.ts';

const found = await launchBrowser();
if (!found.browser) console.warn(`browser tests are skipped: ${found.reason}`);
afterAll(() => found.browser?.close());

describe.skipIf(!found.browser)('who sets up how people sign in', () => {
  test('names a provider, by which someone then comes in, and leaves passwords to owners', async () => {
    if (!found.browser) return;
    const server = await startServer({ env: { BUNTING_EGRESS_ALLOW: 'localhost' } });
    const provider = await startOidcProvider(`${server.url}/api/v1/sign-in/corp/callback`, {
      grace: { email: 'grace@example.com', email_verified: true, name: 'Grace Hopper' },
    });
    const { page, complaints } = await openPage(found.browser);
    try {
      await setUpOwner(page, server.setupUrl);
      await page.goto(`${server.url}/projects/default/people?tab=sign-in`);
      await page.getByText('No provider yet').waitFor();
      expect(await findBarriersEverywhere(page)).toEqual([]);
      await page.getByRole('button', { name: 'New provider' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Create provider' }).click();
      await dialog.getByText('Enter the address of the issuer').waitFor();
      await dialog.getByLabel('Name').fill('Corp <b>');
      await dialog.getByLabel('Key').fill('corp');
      await dialog.getByLabel('Client id').fill('bunting');
      await dialog.getByLabel('Client secret').fill(provider.clientSecret);
      // Nobody answers there: said at once, and nothing is saved.
      await dialog.getByLabel('Issuer').fill('http://localhost:9');
      await dialog.getByRole('button', { name: 'Create provider' }).click();
      await expect.poll(() => dialog.getByRole('button', { name: 'Create provider' }).isEnabled()).toBe(true);
      expect((await server.api.call<{ items: unknown[] }>('GET', '/identity-providers')).items).toEqual([]);
      await dialog.getByLabel('Issuer').fill(provider.issuer);
      await dialog.getByRole('switch', { name: /Make accounts/ }).click();
      await dialog.getByRole('combobox', { name: 'Role of new accounts' }).click();
      await page.getByRole('option', { name: 'Viewer' }).click();
      expect(await findBarriers(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Create provider' }).click();
      await dialog.getByText(`${server.url}/api/v1/sign-in/corp/callback`).waitFor();
      await dialog.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('list', { name: 'Providers' }).getByText('Corp <b>').waitFor();
      await page.getByRole('button', { name: 'Owners only' }).click();
      expect(await findBarriers(page)).toEqual([]);
      await page.getByRole('alertdialog').getByRole('button', { name: 'Change policy' }).click();
      await page.getByText('The sign-in policy is changed').waitFor();
      expect(await server.api.call('GET', '/sign-in-policy')).toMatchObject({ passwords: 'owners' });
      expect(complaints.filter((complaint) => !/status of 4\d\d|status of 5\d\d/.test(complaint))).toEqual([]);

      const { page: theirs } = await openPage(found.browser);
      await theirs.goto(server.url);
      await theirs.getByRole('link', { name: 'Sign in with Corp <b>' }).click();
      await theirs.waitForURL(`${provider.issuer}/**`);
      await theirs.locator('input[name=login]').fill('grace');
      await theirs.locator('input[name=password]').fill('any');
      await theirs.locator('button[type=submit]').click();
      await theirs.locator('button[type=submit]').click();
      await theirs.getByRole('heading', { name: 'Flags', exact: true }).waitFor();
      await theirs.context().close();
    } finally {
      await page.context().close();
      await provider.stop();
      await server.remove();
    }
  });
});
