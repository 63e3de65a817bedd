import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

// Without lines, which move with every change.
const po = formatter({ lineNumbers: false });

/** How much of the code that a value comes from is a help: for a macro within another the extractor names all of its file. */
const MAX_CODE = 160;

/** `npm run fix` writes every message of the sources into `src/locales/en/messages.po`: what a translator gets. */
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en'],
  catalogs: [
    {
      path: `${process.env.BUNTING_WORDS ?? '<rootDir>/src/locales'}/{locale}/messages`,
      include: ['<rootDir>/src'],
      exclude: ['**/node_modules/**', '**/*.test.*'],
    },
  ],
  // By its name in package.json: what the macros make is in every folder.
  runtimeConfigModule: { Trans: ['#trans', 'Trans'] },
  orderBy: 'message',
  format: { ...po, serialize: (catalog, context) => po.serialize(withShortCode(catalog), context) },
});

function withShortCode(catalog: Parameters<typeof po.serialize>[0]): typeof catalog {
  const entries = Object.entries(catalog).map(([id, message]) => {
    const named = Object.entries(message.placeholders ?? {});
    const short = named.map(([name, codes]) => [name, codes.filter((code) => code.length <= MAX_CODE)] as const);
    return [id, { ...message, placeholders: Object.fromEntries(short) }];
  });
  return Object.fromEntries(entries);
}
