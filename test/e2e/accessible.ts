import { source } from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe-core's rules of WCAG 2.2 A and AA find wrong with the page as it is now: rule, and where. */
export async function findBarriers(page: Page): Promise<string[]> {
  // Colours are judged as they end up, not half-way through a transition.
  await page.evaluate(() => Promise.all(document.getAnimations().map((running) => running.finished.catch(() => {}))));
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

/** As much of axe-core as is used here. */
interface Axe {
  run(options: { runOnly: string[] }): Promise<{
    violations: { id: string; help: string; nodes: { target: string[] }[] }[];
  }>;
}
