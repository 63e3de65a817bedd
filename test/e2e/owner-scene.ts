import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { launchBrowser, openPage } from '../processes/browser.ts';
import { startDemo, type TestDemo } from '../processes/demo.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import type { TestShop } from '../processes/shop.ts';
import { makeOwner, signInByRequest } from './people.ts';

const found = await launchBrowser();
if (!found.browser) console.warn(`browser tests are skipped: ${found.reason}`);
afterAll(() => found.browser?.close());

/** The browser of this file's tests. */
export function launched(): Browser {
  if (!found.browser) throw new Error(found.reason);
  return found.browser;
}

/** Tests of what people do in a real browser; skipped, with a printed reason, where there is none. */
export function describeInBrowser(name: string, tests: () => void): void {
  describe.skipIf(!found.browser)(name, tests);
}

/**
 * A server of its own for all tests of a `describe`, and for each of them a page in which the owner is signed in.
 * Whatever a page complains of fails its test, unless it is forgiven.
 */
export interface OwnerScene {
  readonly server: TestServer;
  /** The demo's, which its flags decide. */
  readonly shop: TestShop;
  /** The test's page. It shows nothing before it is led somewhere. */
  readonly page: Page;
  readonly complaints: string[];
  /** Leads the page to a path, by default to the list of flags, and waits until that is there. */
  open(path?: string): Promise<void>;
  /** A page of someone else, who is not signed in; what it complains of counts, too. */
  openForStranger(): Promise<Page>;
  /** Takes out complaints that the test expected. */
  forgive(pattern: RegExp): void;
}

export interface OwnerSceneOptions {
  /** Environment variables of the server. */
  readonly env?: Readonly<Record<string, string>>;
  /** With the demo's flags, and the shop. */
  readonly demo?: boolean;
  /** What pages may complain of in every test. */
  readonly forgiven?: RegExp;
}

/** To be called in a `describe`, before hooks of its own: those find the server running and the owner made. */
export function ownerScene({ env = {}, demo: withDemo = false, forgiven }: OwnerSceneOptions = {}): OwnerScene {
  let demo: TestDemo | undefined;
  let server: TestServer | undefined;
  let page: Page | undefined;
  let complaints: string[] = [];
  let opened: BrowserContext[] = [];
  /** What the browser of the owner keeps. */
  let storageState: Awaited<ReturnType<BrowserContext['storageState']>> | undefined;

  async function openWith(state: typeof storageState): Promise<Page> {
    const { page: another } = await openPage(launched(), { complaints, storageState: state });
    opened.push(another.context());
    return another;
  }

  function forgive(pattern: RegExp): void {
    complaints.splice(0, complaints.length, ...complaints.filter((complaint) => !pattern.test(complaint)));
  }

  beforeAll(async () => {
    if (withDemo) demo = await startDemo({ env });
    server = demo?.server ?? (await startServer({ env }));
    const context = (await openWith(undefined)).context();
    await makeOwner(context, server);
    storageState = await context.storageState();
    await context.close();
  });
  afterAll(async () => {
    await (demo ?? server)?.remove();
  });
  beforeEach(async () => {
    complaints = [];
    opened = [];
    page = await openWith(storageState);
    // An earlier test may have signed out, or changed the password.
    if (await signInByRequest(page.context(), present(server).url)) storageState = await page.context().storageState();
  });
  afterEach(async () => {
    await Promise.all(opened.map((context) => context.close()));
    if (forgiven !== undefined) forgive(forgiven);
    expect(complaints).toEqual([]);
  });

  return {
    get server() {
      return present(server);
    },
    get shop() {
      return present(demo).shop;
    },
    get page() {
      return present(page);
    },
    get complaints() {
      return complaints;
    },
    async open(path) {
      await present(page).goto(present(server).url + (path ?? ''));
      if (path === undefined) {
        await present(page).getByRole('heading', { name: 'Flags', exact: true }).waitFor();
      }
    },
    openForStranger: () => openWith(undefined),
    forgive,
  };
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined)
    throw new Error('the scene has not begun: this is for hooks and tests, and the shop for demos');
  return value;
}
