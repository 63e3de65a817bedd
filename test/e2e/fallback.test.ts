import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../processes/browser.ts';
import { changeFlag, makeFlag, makeKey } from '../processes/flags.ts';
import { type HttpProxy, type HttpProxyRules, startHttpProxy } from '../processes/http-proxy.ts';
import { serveScript } from '../processes/pages.ts';
import { startServer, type TestServer } from '../processes/server.ts';

const found = await launchBrowser();
if (!found.browser) console.warn(`browser tests are skipped: ${found.reason}`);

describe.skipIf(!found.browser)('a page in a real browser, behind a proxy', () => {
  let server: TestServer;
  let clientKey: string;
  const cleanups: (() => unknown)[] = [];

  beforeAll(async () => {
    server = await startServer();
    await makeFlag(server.api, { key: 'shared', type: 'boolean', clientVisible: true } as never, { enabled: false });
    clientKey = (await makeKey(server.api, 'client')).secret;
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    await changeFlag(server.api, 'shared', { enabled: false });
  });
  afterAll(async () => {
    await found.browser?.close();
    await server?.remove();
  });

  async function openThrough(rules: Partial<HttpProxyRules>, path = '') {
    if (!found.browser) throw new Error(found.reason);
    const proxy = await startHttpProxy(server.url, rules);
    const url = `${proxy.url}${path}`;
    const site = await serveScript(join(import.meta.dirname, 'fallback-page/page.ts'), { url, clientKey });
    const { page } = await openPage(found.browser);
    cleanups.push(
      () => proxy.close(),
      site.close,
      () => page.context().close(),
    );
    await page.goto(site.url);
    return { page, proxy, site };
  }
  const posts = (proxy: HttpProxy, wanted: string) =>
    proxy.passed.filter(({ method, path }) => method === 'POST' && path === wanted);
  const change = (enabled: boolean) => changeFlag(server.api, 'shared', { enabled });

  test('that cuts WebSockets: values are streamed over HTTP, to all tabs by one response', async () => {
    const { page, proxy, site } = await openThrough({ upgradeStatus: 403 });
    await expect.poll(() => page.title()).toBe('live off');
    const other = await page.context().newPage();
    await other.goto(site.url);
    await expect.poll(() => other.title()).toBe('live off');
    await change(true);
    for (const each of [page, other]) await expect.poll(() => each.title()).toBe('live on');
    expect(posts(proxy, '/stream/values/events')).toMatchObject([{ status: 200 }]);
  });

  test('that cuts WebSockets and event streams: values are polled', async () => {
    const statusOf = new Map([['/stream/values/events', 404]]);
    const { page, proxy } = await openThrough({ upgradeStatus: 403, statusOf });
    await expect.poll(() => page.title()).toBe('live off');
    expect(posts(proxy, '/stream/values')).toMatchObject([{ status: 200 }]);
  });

  test('that has the stream under a path of its own: WebSockets and what takes their place find it', async () => {
    const mount = '/edge/of-the-shop';
    const direct = await openThrough({ mount }, mount);
    await expect.poll(() => direct.page.title()).toBe('live off');
    const cut = await openThrough({ mount, upgradeStatus: 403 }, mount);
    await expect.poll(() => cut.page.title()).toBe('live off');
    await change(true);
    for (const { page } of [direct, cut]) await expect.poll(() => page.title()).toBe('live on');
  });
});
