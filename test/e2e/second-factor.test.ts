import { text } from 'node:stream/consumers';
import { Secret, TOTP } from 'otpauth';
import { afterAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../processes/browser.ts';
import { startServer } from '../processes/server.ts';
import { findBarriers } from './accessible.ts';
import { owner, setUpOwner, tryToSignIn } from './people.ts';

const found = await launchBrowser();
if (!found.browser) console.warn(`browser tests are skipped: ${found.reason}`);
afterAll(() => found.browser?.close());

describe.skipIf(!found.browser)('in a real browser', () => {
  test('who must have a second factor sets it up on the way in, and then signs in with its codes', async () => {
    if (!found.browser) return;
    const server = await startServer();
    const { page, complaints } = await openPage(found.browser);
    try {
      await setUpOwner(page, server.setupUrl);
      await server.api.call('PUT', '/sign-in-policy', { passwords: 'everyone', requireSecondFactor: true });

      await page.goto(server.url);
      await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
      await page.getByLabel('Password').fill(owner.password);
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByAltText('QR code for an authenticator app').waitFor();
      const secret = (await page.locator('figure code').textContent()) ?? '';
      const totp = new TOTP({ secret: Secret.fromBase32(secret) });
      const used = totp.generate();
      await page.getByLabel('Code', { exact: true }).fill(used);
      await page.getByRole('button', { name: 'Turn on' }).click();
      await page.getByRole('heading', { name: 'The second factor is on' }).waitFor();
      const shownCodes = async () => ((await page.locator('figure code').textContent()) ?? '').split('\n');
      const [recoveryCode = '', second = ''] = await shownCodes();
      await page.getByRole('link', { name: 'Go to the flags' }).click();
      await page.getByRole('heading', { name: 'Flags', exact: true }).waitFor();

      await page.getByRole('button', { name: 'Sign out' }).click();
      await tryToSignIn(page, owner.password);
      // The code that turned it on counts no more.
      await page.getByLabel('Code', { exact: true }).fill(used);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page
        .getByRole('alert')
        .filter({ hasText: /code is wrong/i })
        .waitFor();
      await page.getByLabel('Code', { exact: true }).fill(recoveryCode);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Flags', exact: true }).waitFor();

      await page.getByRole('link', { name: /^Your account/ }).click();
      const panel = page.getByRole('region', { name: 'Second factor' });
      await panel.getByText('9 recovery codes left.').waitFor();
      expect(await findBarriers(page)).toEqual([]);
      await panel.getByRole('button', { name: 'New recovery codes' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('The 9 that are left work no more then.').waitFor();
      await dialog.getByLabel('Password').fill('not the password');
      await dialog.getByLabel('Code', { exact: true }).fill(second);
      await dialog.getByRole('button', { name: 'Make new codes' }).click();
      await dialog.getByText('This is not your password.').waitFor();
      await dialog.getByLabel('Password').fill(owner.password);
      await dialog.getByRole('button', { name: 'Make new codes' }).click();
      await dialog.getByRole('figure', { name: 'Recovery codes' }).waitFor();
      const [renewed = ''] = await shownCodes();
      const saving = page.waitForEvent('download');
      await dialog.getByRole('button', { name: 'Save as text' }).click();
      expect(await text((await (await saving).createReadStream()) ?? [])).toContain(renewed);
      expect(await findBarriers(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Done' }).click();
      await panel.getByText('10 recovery codes left.').waitFor();

      // What is required may be removed all the same, as for another device, and then nothing is done before the next one is set up.
      await panel.getByRole('button', { name: 'Remove' }).click();
      await dialog.getByText(/until you have set up another one, you can do nothing else here/).waitFor();
      await dialog.getByLabel('Password').fill(owner.password);
      await dialog.getByLabel('Code', { exact: true }).fill(second);
      await dialog.getByRole('button', { name: 'Remove it' }).click();
      await dialog.getByText(/code is wrong/i).waitFor();
      await dialog.getByLabel('Code', { exact: true }).fill(renewed);
      await dialog.getByRole('button', { name: 'Remove it' }).click();
      await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
      // Codes that were asked for and refused, and what was under way when the person signed out.
      expect(complaints.filter((complaint) => !/status of 40[13]/.test(complaint))).toEqual([]);
    } finally {
      await page.context().close();
      await server.remove();
    }
  });
});
