import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../processes/browser.ts';
import { startDemo, type TestDemo } from '../processes/demo.ts';
import { changeFlag, split } from '../processes/flags.ts';
import type { TestServer } from '../processes/server.ts';
import type { TestShop } from '../processes/shop.ts';

const found = await launchBrowser();
if (!found.browser) console.warn(`browser tests are skipped: ${found.reason}`);

describe.skipIf(!found.browser)('the shop in a real browser', () => {
  let demo: TestDemo;
  let server: TestServer;
  let shop: TestShop;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    demo = await startDemo();
    ({ server, shop } = demo);
  });
  afterAll(async () => {
    await found.browser?.close();
    await demo?.remove();
  });
  beforeEach(async () => {
    if (!found.browser) throw new Error(found.reason);
    ({ page, complaints } = await openPage(found.browser));
  });
  afterEach(async () => {
    await page.context().close();
    expect(complaints).toEqual([]);
  });

  /** From the list to the confirmation, through whichever checkout the shop shows. */
  async function buy(product: string): Promise<void> {
    await page.goto(shop.url);
    await page.getByRole('searchbox', { name: 'Search' }).fill(product);
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('link', { name: new RegExp(product) }).click();
    await page.getByRole('button', { name: 'Add to basket' }).click();
    await page.getByRole('link', { name: 'Go to checkout' }).click();
    await page.getByLabel('Name').fill('Ada');
    await page.getByLabel('Street').fill('1 Quay');
    await page.getByLabel('Postcode').fill('1000 Port');
    const next = page.getByRole('button', { name: 'Continue to payment' });
    if (await next.isVisible()) await next.click();
    await page.getByLabel('Invoice').check();
    await page.getByRole('button', { name: 'Place order' }).click();
    await page.getByRole('heading', { name: 'Thank you, Ada' }).waitFor();
  }

  test.each([
    ['classic', 0],
    ['one-page', 100],
  ])('something can be bought through the %s checkout', async (_name, percent) => {
    await changeFlag(server.api, 'new-checkout', { defaultRule: split({ on: percent, off: 100 - percent }) });
    await buy('Ortolan');
  });

  test('the visitors page follows a change while it is open', async () => {
    await changeFlag(server.api, 'free-shipping-banner', { enabled: false });
    await page.goto(`${shop.url}/visitors`);
    const row = page.getByRole('row', { name: /free-shipping-banner/ });
    await row.getByRole('cell', { name: 'DISABLED' }).waitFor();
    const { revision } = await changeFlag(server.api, 'free-shipping-banner', { enabled: true });
    await row.getByRole('cell', { name: 'STATIC' }).waitFor();
    await row.getByRole('cell', { name: String(revision.number), exact: true }).waitFor();
  });

  test('a table that was scrolled sideways stays so while the page refreshes', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(`${shop.url}/visitors`);
    const table = page.getByRole('region', { name: 'Latest page views' });
    await table.evaluate((element) => {
      element.dataset.first = 'yes';
      element.scrollLeft = 90;
    });
    // Each refresh puts a new element in its place.
    await expect.poll(() => table.getAttribute('data-first'), { timeout: 5_000 }).toBeNull();
    expect(await table.evaluate((element) => element.scrollLeft)).toBe(90);
  });

  test.each([1440, 390])('no page is wider than a window of %i pixels', async (width) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${shop.url}/products/ortolan`);
    await page.getByRole('button', { name: 'Add to basket' }).click();
    for (const path of ['/', '/products/ortolan', '/basket', '/checkout', '/visitors', '/nowhere']) {
      await page.goto(shop.url + path);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(width);
    }
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !/404.*\/nowhere/.test(text)));
  });

  test('the shop stays open, with its last answers, when the server is gone', async () => {
    await changeFlag(server.api, 'free-shipping-banner', { enabled: true });
    await page.goto(shop.url);
    await page.reload();
    await page.getByText('Free shipping on orders').waitFor();
    await server.kill();
    await page.reload();
    await page.getByText('Free shipping on orders').waitFor();
    await server.restart();
  });
});
