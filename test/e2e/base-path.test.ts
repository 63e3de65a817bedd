import { afterAll, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../processes/browser.ts';
import { startServer } from '../processes/server.ts';
import { setUpOwner, signIn } from './people.ts';

const PATH = '/tools/flags';

const found = await launchBrowser();
if (!found.browser) console.warn(`browser tests are skipped: ${found.reason}`);
afterAll(() => found.browser?.close());

test.skipIf(!found.browser)('the admin UI works below a path of its host', async () => {
  const server = await startServer({ env: { BUNTING_PUBLIC_URL: `http://flags.example.com${PATH}` } });
  try {
    if (!found.browser) throw new Error(found.reason);
    const { page, complaints } = await openPage(found.browser);
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!new URL(request.url()).pathname.startsWith(PATH)) foreign.push(request.url());
    });
    await setUpOwner(page, `${server.url}${PATH}${server.setupUrl.split(PATH)[1]}`);
    await server.api.call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean' });
    await page.getByRole('link', { name: 'checkout' }).first().click();
    await expect.poll(() => new URL(page.url()).pathname).toBe(`${PATH}/projects/default/flags/checkout`);
    await page.reload();
    await page.getByRole('heading', { name: 'checkout' }).waitFor();
    // What is under way at the sign-out may be refused.
    expect(complaints).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn(page, `${server.url}${PATH}`);
    expect(foreign).toEqual([]);
  } finally {
    await server.remove();
  }
});
