import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

/** `npm run fix` writes every message of the sources into `src/locales/en/messages.po`: what a translator gets. */
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en'],
  catalogs: [
    { path: `${process.env.BUNTING_WORDS ?? '<rootDir>/src/locales'}/{locale}/messages`, include: ['<rootDir>/src'] },
  ],
  // By its name in package.json: what the macros make is in every folder.
  runtimeConfigModule: { Trans: ['#trans', 'Trans'] },
  orderBy: 'message',
  // Without lines, which move with every change.
  format: formatter({ lineNumbers: false }),
});
