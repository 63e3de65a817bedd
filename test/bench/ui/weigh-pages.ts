import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../../../tools/steps.ts';
import { keyOf } from '../lists/fill.ts';
import type { Measurement } from '../subject.ts';
import type { UiScene } from './scene.ts';

const project = '/projects/default';

/** A page that asked for no further file for this long has all that it needs. */
const QUIET_MS = 500;

/** Pages by what people call them, each led to first, with nothing in the cache. */
const pages: readonly [string, string][] = [
  ['flags', `${project}/flags`],
  ['flag', `${project}/flags/${keyOf(0)}`],
  ['targeting', `${project}/flags/${keyOf(0)}/environments/development`],
  ['connect', `${project}/connect`],
  ['playground', `${project}/playground`],
  ['releases', `${project}/releases`],
  ['on call', `${project}/on-call`],
  ['audit log', `${project}/audit`],
];

/** What each page downloads of code and styles: their files, gzipped. */
export async function weighPages(scene: UiScene): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const [name, path] of pages) {
    const page = await scene.openPage();
    const files = new Set<string>();
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (/\.(js|css)$/.test(pathname)) files.add(pathname);
    });
    await page.goto(scene.server.url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    // Parts of a page come after its heading. The event stream stays open, so the network itself is never idle.
    for (let before = 0; before < files.size; ) {
      before = files.size;
      await page.waitForTimeout(QUIET_MS);
    }
    const bytes = [...files].map(
      (file) => gzipSync(readFileSync(join(root, 'admin-ui/dist', file)), { level: 9 }).length,
    );
    await page.context().close();
    measurements.push({
      ...{ case: `${name}: code and styles, gzipped`, unit: 'KB', better: 'lower' },
      ours: Math.round(bytes.reduce((sum, one) => sum + one, 0) / 1_024),
    });
  }
  return measurements;
}
