import type { Subject } from '../subject.ts';
import { measureFirstPaint } from './first-paint.ts';
import { measureInteractions } from './interactions.ts';
import { startUiScene } from './scene.ts';
import { measureSearch } from './search.ts';
import { measureToggles } from './toggles.ts';
import { weighPages } from './weigh-pages.ts';

/** How long people wait for the admin UI, and how much of it they download. */
export const ui: Subject = {
  name: 'ui',
  about: 'the admin UI in Chromium at 10 000 flags: downloads, paints, keys, searches, and clicks until an SDK obeys',

  async measure(options) {
    const scene = await startUiScene(options.quick ? 1_000 : 10_000);
    try {
      const parts = [weighPages, measureFirstPaint, measureInteractions, measureSearch, measureToggles];
      const measurements = [];
      for (const part of parts) {
        options.say(`${part.name} ...`);
        measurements.push(...(await part(scene, options)));
      }
      return {
        measurements,
        notes: [
          'Chromium without a screen, server and SDK on the same machine, over loopback; SQLite, each change flushed to disk',
          'downloads: gzip level 9, of a first visit; a page after another fetches only what it has for itself',
          'keys: from the key to the frame that shows what came of it, as the browser tells it, to 8 ms; below 16 ms it tells nothing',
          'searches: from the last letter to the frame that shows what was found; the box waits 5 ms for further letters',
        ],
      };
    } finally {
      await scene.remove();
    }
  },
};
