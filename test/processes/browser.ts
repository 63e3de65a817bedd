import { accessSync, constants } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Where systems keep their Chromium or Chrome. */
const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A running browser, or why there is none. */
export type BrowserOrReason = { readonly browser: Browser } | { readonly browser?: never; readonly reason: string };

/**
 * Starts Chromium: the one that CHROMIUM_PATH names, else one that the system has, else the one that comes with the
 * packages. Never throws.
 */
export async function launchBrowser(): Promise<BrowserOrReason> {
  const reasons: string[] = [];
  for (const find of [findNamed, findInstalled, findPackaged]) {
    try {
      const executablePath = await find();
      if (executablePath === undefined) continue;
      return { browser: await launchOnceWritten(executablePath) };
    } catch (error) {
      reasons.push(error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error));
    }
  }
  return { reason: `no Chromium could be started; install one or set CHROMIUM_PATH (${reasons.join('; ')})` };
}

/** Of several that start at once, one unpacks the browser: until it is written whole, it cannot be executed. */
async function launchOnceWritten(executablePath: string): Promise<Browser> {
  for (let patience = 60; ; patience -= 1) {
    try {
      return await chromium.launch({ executablePath, args: launchArguments });
    } catch (error) {
      if (patience === 0 || !String(error).includes('ETXTBSY')) throw error;
      await setTimeout(500);
    }
  }
}

async function findNamed(): Promise<string | undefined> {
  return process.env.CHROMIUM_PATH || undefined;
}

async function findInstalled(): Promise<string | undefined> {
  return usualPlaces.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Unpacks a Chromium for Linux on x64 into the temporary folder, once. */
async function findPackaged(): Promise<string | undefined> {
  const { default: packaged } = await import('@sparticuz/chromium');
  return packaged.executablePath();
}

/**
 * What browsers report by themselves although nothing is wrong: the admin UI asks who is signed in, and the answer
 * may be 401, nobody.
 */
const expected = /status of 401 .*\/api\/v1\/session\)$/;

export interface PageOptions {
  /** Where to put what goes wrong. */
  readonly complaints?: string[];
  /** Cookies and the like; none unless given. */
  readonly storageState?: BrowserContextOptions['storageState'];
}

/** A page in a context of its own, with everything that went wrong in it: errors, failed requests, refused content. */
export async function openPage(
  browser: Browser,
  { complaints = [], storageState }: PageOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const viewport = { width: 1280, height: 900 };
  const context = await browser.newContext({ viewport, storageState });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    const text = `console: ${message.text()} (${message.location().url})`;
    if (message.type() === 'error' && !expected.test(text)) complaints.push(text);
  });
  return { page, complaints };
}
