import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../tools/steps.ts';
import { describeInBrowser, ownerScene } from './owner-scene.ts';
import { speakAccents } from './pseudo-locale.ts';

/** What may stand in plain letters, and why. */
const untranslated: readonly (readonly [why: string, RegExp])[] = [
  [
    'names and keys of this scene',
    /checkout|Default project( \(default\))?|owner(@example\.com)?|development|production|First (server|client) key|Bootstrap admin key/gi,
  ],
  [
    'types, kinds, reasons and actions, as the API calls them; a browser,',
    /^(boolean|release|server|client|flag|key|environment|project|created|off|DISABLED|.*flag\.created.*|Mozilla.*)$/,
  ],
  ['names of months', /\b(January|February|March|April|May|June|July|August|September|October|November|December)\b/g],
  [
    'names of products and of standards',
    /bunting|haproxy|nginx|prometheus|alertmanager|grafana|slack|oidc|scim|node|react|openfeature|curl|json|utc|url|sql|sdk|cel|http\w*/gi,
  ],
];

/** Paths that need a thing to show, that are left at once by who is signed in, or that show the server's templates. */
const params: Readonly<Record<string, string>> = { project: 'default', flag: 'checkout', environment: 'production' };
const left = new Set(['/', '/setup', '/sign-in', '/password', '/projects/$project', '/projects/$project/releases/new']);

describeInBrowser('pages in another language', () => {
  const scene = ownerScene({ forgiven: /404 \(Not Found\)/ });

  test('leave no word in English, and fit when they are written from right to left', { timeout: 120_000 }, async () => {
    const { page, server } = scene;
    await server.api.call('POST', '/projects/default/flags', { key: 'checkout', name: 'Checkout', type: 'boolean' });
    await speakAccents(page.context());
    await scene.open('/projects/default/flags');
    expect(addresses().length).toBeGreaterThan(30);
    const english: string[] = [];
    const tooWide: string[] = [];
    for (const pattern of addresses().filter((one) => !left.has(one))) {
      const path = pattern.replace(/\$(\w+)/g, (name, key: string) => params[key] ?? name);
      if (path.includes('$')) continue;
      const before = await page.title();
      await page.evaluate((to) => {
        history.pushState(null, '', to);
        dispatchEvent(new PopStateEvent('popstate'));
      }, path);
      await expect.poll(() => page.title()).not.toBe(before);
      await expect.poll(() => page.locator('[role=status]:has-text("Ĺóáďíńǵ")').count(), { timeout: 15_000 }).toBe(0);
      for (const said of await page.evaluate(wordsOf)) {
        const rest = untranslated.reduce((text, [, allowed]) => text.replace(allowed, ''), said);
        if (/[a-z]{2,}/i.test(rest)) english.push(`${pattern}: ${said}`);
      }
      await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
      for (const width of [390, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        if (wide > width) tooWide.push(`${pattern}: ${wide} px at ${width}`);
      }
      await page.evaluate(() => document.documentElement.setAttribute('dir', 'ltr'));
    }
    await page.context().unrouteAll({ behavior: 'ignoreErrors' });
    expect({ english: [...new Set(english)], tooWide }).toEqual({ english: [], tooWide: [] });
  });
});

/** Every address of the application: the patterns of its `paths.ts`. */
function addresses(): readonly string[] {
  const paths = readFileSync(join(root, 'admin-ui/src/paths.ts'), 'utf8');
  return [...paths.matchAll(/^ {2}\w+: '(\/[^']*)',$/gm)].map(([, path = '']) => path);
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
