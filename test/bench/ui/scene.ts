import type { Browser, BrowserContext, Page } from 'playwright-core';
import { makeOwner } from '../../e2e/people.ts';
import { launchBrowser, openPage } from '../../processes/browser.ts';
import { startServer, type TestServer } from '../../processes/server.ts';
import { fill } from '../lists/fill.ts';

/** A real server with many flags, a real Chromium, and the owner signed in. */
export interface UiScene {
  readonly server: TestServer;
  readonly flags: number;
  /** A page with an empty cache, which shows nothing yet. */
  openPage(): Promise<Page>;
  remove(): Promise<void>;
}

/** @throws where there is no Chromium */
export async function startUiScene(flags: number): Promise<UiScene> {
  const found = await launchBrowser();
  if (!found.browser) throw new Error(found.reason);
  const { browser } = found;
  const server = await startServer();
  const remove = async () => {
    await browser.close();
    await server.remove();
  };
  try {
    const storageState = await makeSession(browser, server);
    await server.stop();
    await fill({ dataDir: server.dataDir }, { flags, auditEvents: 0 });
    await server.restart();
    return {
      ...{ server, flags, remove },
      openPage: async () => (await openPage(browser, { storageState })).page,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function makeSession(browser: Browser, server: TestServer): Promise<Awaited<ReturnType<Kept>>> {
  const { page } = await openPage(browser);
  const context = page.context();
  await makeOwner(context, server);
  const state = await context.storageState();
  await context.close();
  return state;
}

type Kept = BrowserContext['storageState'];
