import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Response } from 'playwright-core';
import { expect, test } from 'vitest';
import { root } from '../../tools/steps.ts';
import { makeOneOfEach } from './one-of-each.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { speakAccents } from './pseudo-locale.ts';

/** What may stand in plain letters, besides what the server says, and why. */
const untranslated: readonly (readonly [why: string, RegExp])[] = [
  [
    'permissions, actions, fields, metrics and reasons, as the API calls them',
    /\b[a-z-]+[:.][a-z_.-]+\b|\b(run|targetingKey|slices|prefix|phase|title|kind|name|evidence|tested|true|candidate|baseline|installation|default|owner|bearer|key|preflight|failed|draft|SPLIT|DISABLED)\b/g,
  ],
  ['what stands in this scene', /\b(on|off|plan|pro|service|Started)\b|^(checkout-service|Mozilla.*|Call http.*)$/g],
  ['names of months', /\b(January|February|March|April|May|June|July|August|September|October|November|December)\b/g],
  [
    'names of products and of standards, and units',
    /bunting|haproxy|nginx|caddy|prometheus|alertmanager(\.yml)?|grafana|slack|oidc|scim|node|react|openfeature|curl|json|utc|url|sql|sdk|cel|http\w*|\bmin\b/gi,
  ],
];

/** Fields whose values are names, however short. */
const names = new Set([
  'key',
  'name',
  'title',
  'description',
  'email',
  'variant',
  'environment',
  'flag',
  'label',
  'labels',
  'reason',
  'message',
]);

/** Left at once by who is signed in. */
const left = new Set(['/', '/setup', '/sign-in', '/password', '/projects/$project']);

/** What only asks, though it is a POST. */
const asks = /\/(preview|evaluate|lint|try|test|sample|replay|transitions|presence)\b/;

describeInBrowser('pages in another language', () => {
  const scene = ownerScene({
    env: { BUNTING_EGRESS_ALLOW: '127.0.0.1' },
    forgiven: /40[34] \((Not Found|Forbidden)\)/,
  });

  test('leave no word in English, nor do their dialogs, and fit when they are written from right to left', {
    timeout: 180_000,
  }, async () => {
    const { page, server } = scene;
    const params = await makeOneOfEach(server);
    const served = new Set<string>();
    page.on('response', (response) => void hear(response, served));
    await speakAccents(page.context());
    await refuseChanges(page.context());
    await page.addInitScript(`window.wordsOf = ${wordsOf}; window.print = () => {};`);
    await scene.open('/projects/default/flags');
    const addresses = addressesOf(params).filter(([pattern]) => !left.has(pattern));
    expect(addresses.length).toBeGreaterThan(40);
    const said = new Map<string, string>();
    const tooWide: string[] = [];
    let dialogs = 0;
    for (const [pattern, path] of addresses) {
      const before = await page.title();
      await page.evaluate((to) => {
        history.pushState(null, '', to);
        dispatchEvent(new PopStateEvent('popstate'));
      }, path);
      await expect.poll(() => page.title(), { message: pattern }).not.toBe(before);
      await expect.poll(() => page.locator('[role=status]:has-text("Ĺóáďíńǵ")').count(), { timeout: 15_000 }).toBe(0);
      await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
      for (const width of [390, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        if (wide > width) tooWide.push(`${pattern}: ${wide} px at ${width}`);
      }
      await page.evaluate(() => document.documentElement.setAttribute('dir', 'ltr'));
      const pressed = await page.evaluate(pressEach);
      dialogs += pressed.dialogs;
      for (const words of pressed.said) said.set(words, pattern);
    }
    await page.context().unrouteAll({ behavior: 'ignoreErrors' });
    expect(dialogs).toBeGreaterThan(40);
    const english = [...said]
      .filter(([words]) => isEnglish(words, served))
      .map(([words, pattern]) => `${pattern}: ${words}`);
    expect({ english, tooWide }).toEqual({ english: [], tooWide: [] });
  });
});

/** What a press would change is refused: every page shows what there was, and says in its own words that it was not done. */
async function refuseChanges(context: BrowserContext): Promise<void> {
  await context.route('**/api/v1/**', (route, request) =>
    request.method() === 'GET' || asks.test(request.url())
      ? route.fallback()
      : route.fulfill({ status: 403, json: { code: 'forbidden', message: '–', requestId: '–' } }),
  );
}

/** Keeps what an answer of the server says to people: its sentences and names. */
async function hear(response: Response, served: Set<string>): Promise<void> {
  if (!response.url().includes('/api/v1/') || !response.headers()['content-type']?.includes('json')) return;
  const keep = (value: unknown, field: string): void => {
    if (typeof value === 'string' && (names.has(field) || value.split(' ').length > 2))
      served.add(plain(strange(value)));
    if (Array.isArray(value)) for (const one of value) keep(one, field);
    else if (typeof value === 'object' && value !== null)
      for (const [name, part] of Object.entries(value)) keep(part, names.has(field) ? field : name);
  };
  // What was left before it had come says nothing.
  keep(await response.json().catch(() => undefined), '');
}

/** Without what may stand in plain letters. */
function strange(text: string): string {
  return untranslated.reduce((rest, [, allowed]) => rest.replace(allowed, ''), text);
}

/** Without what pages write in their own way: numbers, moments and the space between. */
function plain(text: string): string {
  return text.replace(/[\d:.,TZ%^\s-]+|UTC/g, '');
}

function isEnglish(said: string, served: ReadonlySet<string>): boolean {
  const isPlain = (text: string) => /[a-z]{2,}/i.test(text);
  const rest = strange(said);
  if (!isPlain(rest)) return false;
  const known = [...served].filter((one) => one.length > 1).sort((a, b) => b.length - a.length);
  return isPlain(known.reduce((text, one) => text.replaceAll(one, ''), plain(rest)));
}

/** Every address of the application: the patterns of its `paths.ts`, and each with a thing in it that there is. */
function addressesOf(params: Readonly<Record<string, string>>): readonly (readonly [pattern: string, path: string])[] {
  const paths = readFileSync(join(root, 'admin-ui/src/paths.ts'), 'utf8');
  return [...paths.matchAll(/^ {2}\w+: '(\/[^']*)',$/gm)].map(([, pattern = '']) => {
    const path = pattern.replace(/\$(\w+)/g, (name, key: string) => params[key] ?? name);
    expect(path).not.toContain('$');
    return [pattern, path];
  });
}

declare const window: { wordsOf: () => string[] };

/**
 * Presses each button of the page, and in the dialog that it opens the one that sends its form, before it is closed.
 *
 * @returns what the page said meanwhile, and how many dialogs there were
 */
async function pressEach(): Promise<{ said: string[]; dialogs: number }> {
  const said = new Set(window.wordsOf());
  const look = () => {
    for (const words of window.wordsOf()) said.add(words);
  };
  const until = async (is: () => boolean, frames: number) => {
    for (let left = frames; !is() && left > 0; left--) await new Promise((next) => requestAnimationFrame(next));
  };
  const dialog = () => [...document.querySelectorAll('[role=dialog], [role=alertdialog]')].at(-1);
  const start = location.href;
  const pressed = new Set<string>();
  let dialogs = 0;
  for (;;) {
    const next = [
      ...document.querySelectorAll<HTMLButtonElement>('main button:enabled:not([role], [aria-expanded])'),
    ].find((button) => button.offsetParent !== null && !pressed.has(button.ariaLabel ?? button.textContent));
    if (next === undefined || pressed.size === 20) break;
    pressed.add(next.ariaLabel ?? next.textContent);
    next.click();
    await until(() => dialog() !== undefined, 3);
    look();
    if (dialog() !== undefined) {
      dialogs++;
      dialog()?.querySelector<HTMLButtonElement>('footer button[type=submit]')?.click();
      await until(() => false, 2);
      look();
      const opened = dialog();
      opened?.querySelector<HTMLButtonElement>('header button, footer button')?.click();
      await until(() => dialog() !== opened, 30);
    }
    if (location.href !== start) {
      history.replaceState(null, '', start);
      dispatchEvent(new PopStateEvent('popstate'));
      await until(() => false, 2);
    }
  }
  return { said: [...said], dialogs };
}

/** Texts and accessible names of the page, but for code. */
function wordsOf(): string[] {
  const found: string[] = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (!text.parentElement?.closest('code, pre, kbd, .font-mono, script, style, noscript'))
      found.push(text.nodeValue ?? '');
  }
  for (const element of document.body.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
    if (element.closest('.font-mono')) continue;
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.push(element.getAttribute(name) ?? '');
  }
  return found;
}
