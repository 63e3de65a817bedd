import { defineConfig } from '@lingui/cli';

/** `npm run fix` writes every message of the sources into `src/locales/en/messages.po`: what a translator gets. */
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en'],
  catalogs: [{ path: '<rootDir>/src/locales/{locale}/messages', include: ['<rootDir>/src'] }],
  orderBy: 'message',
});
