import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../processes/browser.ts';
import { changeFlag, makeFlag, makeKey } from '../processes/flags.ts';
import { serveScript, type TestSite } from '../processes/pages.ts';
import { startServer, type TestServer } from '../processes/server.ts';

const found = await launchBrowser();
if (!found.browser) console.warn(`browser tests are skipped: ${found.reason}`);

describe.skipIf(!found.browser)('tabs of one site in a real browser', () => {
  let server: TestServer;
  let site: TestSite;

  beforeAll(async () => {
    server = await startServer();
    await makeFlag(server.api, { key: 'shared', type: 'boolean', clientVisible: true } as never, { enabled: false });
    const { secret } = await makeKey(server.api, 'client');
    const page = join(import.meta.dirname, 'tabs-page/page.ts');
    site = await serveScript(page, { url: server.url, clientKey: secret });
  });
  afterAll(async () => {
    await found.browser?.close();
    site?.close();
    await server?.remove();
  });

  async function countConnections(): Promise<number> {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return Number(/^bunting_stream_connections\{kind="client"\} (\d+)/m.exec(text)?.[1]);
  }

  test('share one connection, and another takes over when the tab that has it closes', async () => {
    if (!found.browser) throw new Error(found.reason);
    const { page: first, complaints } = await openPage(found.browser);
    await first.goto(site.url);
    await expect.poll(() => first.title()).toBe('live off');
    const others = [await first.context().newPage(), await first.context().newPage()];
    for (const page of others) {
      await page.goto(site.url);
      await expect.poll(() => page.title()).toBe('live off');
    }
    expect(await countConnections()).toBe(1);
    await changeFlag(server.api, 'shared', { enabled: true });
    for (const page of [first, ...others]) await expect.poll(() => page.title()).toBe('live on');

    await first.close();
    await expect.poll(countConnections).toBe(1);
    await changeFlag(server.api, 'shared', { enabled: false });
    for (const page of others) await expect.poll(() => page.title()).toBe('live off');
    expect(complaints).toEqual([]);
  });
});
