import { expect, test } from 'vitest';
import { findBarriers } from './accessible.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';

describeInBrowser('the frame around the pages', () => {
  const scene = ownerScene({ demo: true });

  const palette = () => scene.page.getByRole('dialog', { name: 'Find or do' });
  async function openPalette() {
    await scene.page.keyboard.press('Control+k');
    await palette().getByRole('combobox').waitFor();
  }

  test('a flag is found by a few letters and opened, without the mouse', async () => {
    const { page } = scene;
    await scene.open();
    await openPalette();
    await page.keyboard.type('new-che');
    await palette()
      .getByRole('option', { name: /new-checkout/ })
      .waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'new-checkout' }).waitFor();
    await palette().waitFor({ state: 'hidden' });
  });

  test('a dialog gives the focus back to what opened it, and a page that is long in coming says so', async () => {
    const { page, server } = scene;
    await scene.open();
    const opener = page.getByRole('button', { name: 'New flag' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'New flag' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(() => opener.evaluate((element) => element === document.activeElement)).toBe(true);

    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/api/v1/projects/default', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${server.url}/projects/default/releases`);
    await page.getByRole('status').getByText('Loading the page').waitFor();
    answer();
    await page.getByRole('heading', { name: 'Releases', level: 1 }).waitFor();
  });

  test('pages and actions are found by their words, and what does not exist is told as such', async () => {
    const { page } = scene;
    await scene.open();
    await openPalette();
    await page.keyboard.type('prod key');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).pathname).toBe('/projects/default/environments/production/keys');
    await openPalette();
    await page.keyboard.type('create');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'New flag' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'New flag' }).waitFor({ state: 'hidden' });
    await openPalette();
    await page.keyboard.type('<script>');
    await page.getByText('Nothing is called “<script>”.').waitFor();
  });

  test('the keyboard leads to areas, but not while someone types', async () => {
    const { page } = scene;
    await scene.open();
    await page.getByRole('link', { name: 'new-checkout' }).click();
    await page.getByRole('heading', { name: 'new-checkout' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await page.getByRole('heading', { name: 'Flags', exact: true }).waitFor();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByText('Go to Flags').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    await page.keyboard.press('/');
    await page.keyboard.type('n?');
    expect(await page.getByRole('searchbox').inputValue()).toBe('n?');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('what a toast said can be read again', async () => {
    const { page } = scene;
    await scene.open();
    await page.getByRole('switch', { name: 'Toggle free-shipping-banner in development' }).click();
    await page.getByText('free-shipping-banner is on in Development').waitFor();
    await page.getByRole('button', { name: 'Messages' }).click();
    const messages = page.getByRole('dialog', { name: 'Messages' });
    await messages.getByRole('listitem').filter({ hasText: 'free-shipping-banner is on in Development' }).waitFor();
    await messages.getByRole('button', { name: 'Clear' }).click();
    // While it closes it takes no further key.
    await messages.waitFor({ state: 'hidden' });
    await page.keyboard.press('n');
    await messages.getByText('No messages yet').waitFor();
  });

  test('on a phone the frame is behind a button, and closes when it has led somewhere', async () => {
    const { page } = scene;
    await scene.open();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Menu' }).click();
    const menu = page.getByRole('dialog', { name: 'Menu' });
    expect(await findBarriers(page)).toEqual([]);
    await menu.getByRole('link', { name: 'Production keys' }).click();
    await menu.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Find or do' }).click();
    await palette().waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
  });

  test('compact density puts more on the page, and is kept', async () => {
    const { page } = scene;
    await scene.open();
    const height = () => page.getByRole('list', { name: 'Flags' }).evaluate((list) => list.clientHeight);
    const before = await height();
    await openPalette();
    await page.keyboard.type('density');
    await page.keyboard.press('Enter');
    await expect.poll(height).toBeLessThan(before);
    await page.reload();
    await page.getByRole('heading', { name: 'Flags', exact: true }).waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset.density)).toBe('compact');
  });

  for (const path of ['flags', 'flags/new-checkout', 'environments/production/keys']) {
    for (const theme of ['light', 'dark'] as const) {
      test(`no barrier is found on ${path}, ${theme}, wide and narrow`, async () => {
        await scene.page.emulateMedia({ colorScheme: theme });
        await scene.open(`/projects/default/${path}`);
        await scene.page.getByRole('heading', { level: 1 }).waitFor();
        await scene.page.waitForLoadState('load');
        expect(await findBarriers(scene.page)).toEqual([]);
        await scene.page.setViewportSize({ width: 390, height: 844 });
        expect(await findBarriers(scene.page)).toEqual([]);
      });
    }
  }
});
