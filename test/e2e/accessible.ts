import { source } from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe-core's rules of WCAG 2.2 A and AA find wrong with the page as it is now: rule, and where. */
export async function findBarriers(page: Page): Promise<string[]> {
  // Colours are judged as they end up: a picture ends transitions at once, also where no frame would be drawn otherwise.
  await page.screenshot({ animations: 'disabled', clip: { x: 0, y: 0, width: 1, height: 1 } });
  // The page's content security policy allows no script but the server's; a debugger's evaluation is not subject to it.
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run({ runOnly: tags });
    return violations.map(
      ({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
  });
}

/** The same in both themes, wide and on a phone, where nothing may be wider than the screen; then all is as before. */
export async function findBarriersEverywhere(page: Page): Promise<string[]> {
  const before = page.viewportSize() ?? { width: 1280, height: 900 };
  const barriers: string[] = [];
  for (const width of [before.width, 390]) {
    await page.setViewportSize({ width, height: before.height });
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const barrier of await findBarriers(page)) barriers.push(`${width} px, ${colorScheme}: ${barrier}`);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) barriers.push(`${width} px: the page is ${wide} px wide`);
  }
  await page.setViewportSize(before);
  return barriers;
}

/** As much of axe-core as is used here. */
interface Axe {
  run(options: { runOnly: string[] }): Promise<{
    violations: { id: string; help: string; nodes: { target: string[] }[] }[];
  }>;
}
