import type { Page } from 'playwright-core';

/** Has a page read what is old again, as when someone comes back to it, and counts where it says something. To be polled. */
export async function readAnew(page: Page, text: string): Promise<number> {
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
  return page.getByText(text).count();
}
