import { keyOf } from '../lists/fill.ts';
import { percentile, round } from '../statistics.ts';
import type { Measurement, Options } from '../subject.ts';
import type { UiScene } from './scene.ts';

const BUDGET_MS = 100;

/** What is typed, and which flag is first then. */
type Words = (at: number) => readonly [typed: string, first: string];

/** Where one searches. */
interface Place {
  readonly path: string;
  /** What the search goes through. */
  readonly what: string;
  /** Selects the key of each flag that is shown. */
  readonly keys: string;
  /** Many match. */
  readonly many: Words;
}

const places: readonly Place[] = [
  {
    ...{ path: 'flags', what: 'flags', keys: '[aria-label="Flags"] li a' },
    // Thousands match; which flag is the first of them follows from `fill`.
    many: (at) => (at % 2 === 0 ? ['feature 3', keyOf(3)] : ['feature 4', keyOf(2)]),
  },
  {
    ...{ path: 'playground', what: 'answers', keys: '[aria-label="Answers"] li button > :first-child' },
    many: (at) => (at % 2 === 0 ? ['8', keyOf(8)] : ['9', keyOf(9)]),
  },
];

/** From the last letter in the search box until the list shows what it found, and nothing else. */
export async function measureSearch(scene: UiScene, options: Options): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const place of places) measurements.push(...(await measureIn(scene, options, place)));
  return measurements;
}

async function measureIn(
  scene: UiScene,
  { quick }: Options,
  { path, what, keys, many: words }: Place,
): Promise<Measurement[]> {
  const page = await scene.openPage();
  await page.goto(`${scene.server.url}/projects/default/${path}`);
  const first = page.locator(keys).first();
  const box = page.getByRole('searchbox', { name: 'Search flags' });
  const measure = async (wordsAt: Words) => {
    const took: number[] = [];
    for (let at = -2; at < (quick ? 3 : 50); at++) {
      const [typed, flag] = wordsAt(at);
      await box.fill('');
      await first.and(page.getByText(keyOf(0), { exact: true })).waitFor();
      // Before the input is sent, for the two take different ways into the page.
      await page.evaluate(followSearch, { keys, flag });
      await page.keyboard.insertText(typed);
      const ms = await page.evaluate(() => globalThis.foundAfterMs);
      if (at >= 0) took.push(ms);
    }
    return took;
  };
  const middle = scene.flags / 2;
  const few = await measure((at) => [keyOf(middle + at), keyOf(middle + at)]);
  const many = await measure(words);
  await page.context().close();
  const line = (name: string, took: readonly number[], percent: number): Measurement => ({
    ...{ case: `search among ${scene.flags} ${what}, ${name}, p${percent}`, unit: 'ms', better: 'lower' },
    ...{ ours: round(percentile(took, percent)), budget: BUDGET_MS },
  });
  return [line('one is found', few, 50), line('one is found', few, 99), line('many', many, 50), line('many', many, 99)];
}

declare global {
  var foundAfterMs: Promise<number>;
}

/** In the page: measures from the next input to the frame that has this flag first in the list. */
function followSearch({ keys, flag }: { keys: string; flag: string }): void {
  globalThis.foundAfterMs = new Promise((resolve) => {
    let fromMs = 0;
    const look = () => {
      const first = document.querySelector(keys);
      if (fromMs === 0 || first?.textContent !== flag) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - fromMs)));
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    document.addEventListener(
      'input',
      () => {
        fromMs = performance.now();
      },
      { once: true, capture: true },
    );
  });
}
