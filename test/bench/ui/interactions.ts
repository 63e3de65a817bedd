import type { Page } from 'playwright-core';
import { percentile, round } from '../statistics.ts';
import type { Measurement, Options } from '../subject.ts';
import type { UiScene } from './scene.ts';

const BUDGET_MS = 100;

/** What people do on the list again and again. */
const acts: readonly [string, (page: Page, at: number) => Promise<void>][] = [
  ['to the next flag by key', (page) => page.keyboard.press('j')],
  ['choose a flag by key', (page) => page.keyboard.press('x')],
  ['open and close the palette', (page, at) => page.keyboard.press(at % 2 === 0 ? 'Control+k' : 'Escape')],
];

declare global {
  var durationsMs: number[];
}

/** From a key to the next frame that shows what came of it, as the browser tells it (Event Timing, to 8 ms). */
export async function measureInteractions(scene: UiScene, { quick }: Options): Promise<Measurement[]> {
  const page = await scene.openPage();
  await page.goto(`${scene.server.url}/projects/default/flags`);
  await page.getByRole('list', { name: 'Flags' }).getByRole('listitem').first().waitFor();
  await page.evaluate(followInteractions);
  const measurements: Measurement[] = [];
  for (const [name, act] of acts) {
    await page.evaluate(() => void globalThis.durationsMs.splice(0));
    for (let at = 0; at < (quick ? 4 : 60); at++) {
      await act(page, at);
      await page.waitForTimeout(50);
    }
    const took = await page.evaluate(() => globalThis.durationsMs);
    measurements.push({
      ...{ case: `flags: ${name}, p98`, unit: 'ms', better: 'lower' },
      ...{ ours: round(percentile(took, 98)), budget: BUDGET_MS },
    });
  }
  await page.context().close();
  return measurements;
}

/** In the page. */
function followInteractions(): void {
  globalThis.durationsMs = [];
  new PerformanceObserver((entries) => {
    for (const { name, duration } of entries.getEntries())
      if (name === 'keydown') globalThis.durationsMs.push(duration);
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
}
