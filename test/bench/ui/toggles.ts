import { connect } from '@bunting/node';
import { makeKey } from '../../processes/flags.ts';
import { keyOf } from '../lists/fill.ts';
import { percentile, round } from '../statistics.ts';
import type { Measurement, Options } from '../subject.ts';
import type { UiScene } from './scene.ts';

const BUDGET_MS = 100;
/** On in development, as its even neighbours are. */
const FLAG = keyOf(0);

/** From the click on a switch until it has moved, and until an SDK in another process answers otherwise. */
export async function measureToggles(scene: UiScene, { quick }: Options): Promise<Measurement[]> {
  const { secret: sdkKey } = await makeKey(scene.server.api, 'server');
  const flags = connect({ url: scene.server.url, sdkKey });
  await flags.ready();
  const page = await scene.openPage();
  await page.goto(`${scene.server.url}/projects/default/flags?search=${FLAG}`);
  const toggle = page.getByRole('switch', { name: `Toggle ${FLAG} in development` });
  await toggle.waitFor();
  const moved: number[] = [];
  const answered: number[] = [];
  for (let at = -2; at < (quick ? 4 : 50); at++) {
    const changed = new Promise<number>((resolve) => {
      const stop = flags.on('change', () => {
        stop();
        resolve(nowMs());
      });
    });
    // Before the click is sent, for the two take different ways into the page.
    await page.evaluate(followClick);
    await toggle.click();
    const { clickedAtMs, movedAtMs } = await page.evaluate(() => globalThis.moved);
    const changedAtMs = await changed;
    // The answer to the request comes after the change, and with it the next version of the flag.
    await page.waitForTimeout(100);
    if (at < 0) continue;
    moved.push(movedAtMs - clickedAtMs);
    answered.push(changedAtMs - clickedAtMs);
  }
  await page.context().close();
  await flags.close();
  const line = (name: string, took: readonly number[], percent: number): Measurement => ({
    ...{ case: `click on a switch until ${name}, p${percent}`, unit: 'ms', better: 'lower' },
    ...{ ours: round(percentile(took, percent)), budget: BUDGET_MS },
  });
  return [
    ...[line('it has moved', moved, 50), line('it has moved', moved, 99)],
    ...[line('an SDK answers otherwise', answered, 50), line('an SDK answers otherwise', answered, 99)],
  ];
}

declare global {
  var moved: Promise<{ clickedAtMs: number; movedAtMs: number }>;
}

/** In the page: when the next click comes and when its frame was drawn. In milliseconds since 1970: other processes have that clock. */
function followClick(): void {
  const nowMs = () => performance.timeOrigin + performance.now();
  globalThis.moved = new Promise((resolve) => {
    const onClick = (event: Event) => {
      const clickedAtMs = nowMs();
      const button = (event.target as Element).closest('[role=switch]');
      const before = button?.getAttribute('aria-checked');
      const look = () => {
        if (button?.getAttribute('aria-checked') === before) return requestAnimationFrame(look);
        return setTimeout(() => resolve({ clickedAtMs, movedAtMs: nowMs() }));
      };
      requestAnimationFrame(look);
    };
    document.addEventListener('pointerdown', onClick, { once: true, capture: true });
  });
}

function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
