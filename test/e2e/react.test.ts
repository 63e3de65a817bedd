import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../processes/browser.ts';
import { changeFlag, makeFlag, makeKey } from '../processes/flags.ts';
import { serveScript, type TestSite } from '../processes/pages.ts';
import { startServer, type TestServer } from '../processes/server.ts';

const found = await launchBrowser();
if (!found.browser) console.warn(`browser tests are skipped: ${found.reason}`);

describe.skipIf(!found.browser)('React components in a real browser', () => {
  let server: TestServer;
  let site: TestSite;

  beforeAll(async () => {
    server = await startServer();
    const themes = ['dark', 'light'].map((name) => ({ name, value: name }));
    for (const key of ['watched', 'other']) await makeFlag(server.api, { ...boolean, key }, off);
    await makeFlag(server.api, { key: 'theme', type: 'string', clientVisible: true, variants: themes } as never, on);
    const { secret } = await makeKey(server.api, 'client');
    const page = join(import.meta.dirname, 'react-page/page.tsx');
    site = await serveScript(page, { url: server.url, clientKey: secret });
  });
  afterAll(async () => {
    await found.browser?.close();
    site?.close();
    await server?.remove();
  });

  test('show their flag, and render again for it alone', async () => {
    if (!found.browser) throw new Error(found.reason);
    const { page, complaints } = await openPage(found.browser);
    // Held back, so that the page is there before its values are.
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.routeWebSocket(/stream/, async (socket) => {
      await held;
      socket.connectToServer();
    });
    await page.goto(site.url);
    const text = (id: string) => page.locator(`#${id}`).textContent();
    await expect.poll(() => text('watched')).toBe('off');
    expect(await text('theme')).toBe('none undefined default');
    expect(await text('patient')).toBe('waiting');
    release();
    await expect.poll(() => text('theme')).toBe('dark dark live');
    await expect.poll(() => text('patient')).toBe('dark');

    const before = [await text('watched-renders'), await text('other-renders')];
    await changeFlag(server.api, 'watched', { enabled: true });
    await expect.poll(() => text('watched')).toBe('on');
    await changeFlag(server.api, 'watched', { enabled: false });
    await expect.poll(() => text('watched')).toBe('off');
    expect(Number(await text('watched-renders'))).toBe(Number(before[0]) + 2);
    expect(await text('other-renders')).toBe(before[1]);

    // The next page answers by what this one had, before the server has said anything.
    let isHeld = true;
    await page.routeWebSocket(/stream/, async (socket) => {
      await expect.poll(() => isHeld).toBe(false);
      socket.connectToServer();
    });
    await page.reload();
    await expect.poll(() => text('theme')).toBe('dark dark cached');
    expect(await text('patient')).toBe('dark');
    isHeld = false;
    await expect.poll(() => text('theme')).toBe('dark dark live');
    expect(complaints).toEqual([]);
  });
});

const boolean = { type: 'boolean', clientVisible: true };
const off = { enabled: false };
const on = { enabled: true };
