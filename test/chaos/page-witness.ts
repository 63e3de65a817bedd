import { join } from 'node:path';
import type { EvaluationContext } from '@bunting/core';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../processes/browser.ts';
import { serveScript } from '../processes/pages.ts';

/** What the page is told. */
export interface PageSettings {
  readonly url: string;
  readonly clientKey: string;
  readonly context: EvaluationContext;
  /** All flags, of type number. */
  readonly keys: readonly string[];
  /** Those among them whose value only ever grows. */
  readonly growing: readonly string[];
}

/** What the page is at, and what it has heard. */
interface PageTestimony {
  /** How many answers there were. */
  readonly answers: number;
  readonly faults: readonly string[];
  readonly state: string;
  readonly values: Readonly<Record<string, number>>;
}

/** What stands in the page's global scope; see `page/page.ts`. */
export interface InPage {
  readonly witness: {
    /** Resolves when it has values, and asks. */
    start(): Promise<void>;
    testify(): Promise<PageTestimony>;
  };
}

/** A real page with the real browser SDK, which asks flags without a pause. */
export interface PageWitness {
  testify(): Promise<PageTestimony>;
  close(): Promise<void>;
}

/** Undefined, which is said, where there is no browser. */
export async function openPageWitness(settings: PageSettings): Promise<PageWitness | undefined> {
  const found = await launchBrowser();
  if (found.browser === undefined) {
    console.warn(`no page takes part: ${found.reason}`);
    return undefined;
  }
  try {
    return await openIn(found.browser, settings);
  } catch (error) {
    await found.browser.close();
    throw error;
  }
}

async function openIn(browser: Browser, settings: PageSettings): Promise<PageWitness> {
  const site = await serveScript(join(import.meta.dirname, 'page/page.ts'), settings);
  const page = await browser.newPage();
  await page.goto(site.url);
  await page.waitForFunction(() => 'witness' in globalThis);
  await page.evaluate(() => (globalThis as unknown as InPage).witness.start());
  return {
    testify: () => page.evaluate(() => (globalThis as unknown as InPage).witness.testify()),
    close: async () => {
      await browser.close();
      site.close();
    },
  };
}
