import { median, round } from '../statistics.ts';
import type { Measurement, Options } from '../subject.ts';
import type { UiScene } from './scene.ts';

interface Paints {
  readonly first: number;
  readonly largest: number;
}

/** From the address to the list of flags on the screen, with nothing in the cache. */
export async function measureFirstPaint(scene: UiScene, { quick }: Options): Promise<Measurement[]> {
  const seen: Paints[] = [];
  for (let times = quick ? 2 : 20; times > 0; times--) {
    const page = await scene.openPage();
    await page.goto(`${scene.server.url}/projects/default/flags`);
    await page.getByRole('list', { name: 'Flags' }).getByRole('listitem').first().waitFor();
    seen.push(await page.evaluate(readPaints));
    await page.context().close();
  }
  const of = (name: keyof Paints) => round(median(seen.map((paints) => paints[name])));
  return [
    { case: 'flags: first paint', unit: 'ms', better: 'lower', ours: of('first') },
    { case: 'flags: largest paint, the list', unit: 'ms', better: 'lower', ours: of('largest') },
  ];
}

/** In the page. Both in milliseconds since it was asked for. */
async function readPaints(): Promise<Paints> {
  const largest = await new Promise<number>((resolve) => {
    new PerformanceObserver((entries) => resolve(entries.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({
      type: 'largest-contentful-paint',
      buffered: true,
    });
  });
  return { first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN, largest };
}
