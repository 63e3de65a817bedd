import { lingui } from '@lingui/vite-plugin';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { wordMacros } from './word-macros.ts';

/** Of the palette, of the editors and of what only some forms have: read when they are first opened. */
const later =
  /@base-ui\/react\/.*(combobox|autocomplete|slider|number-field|progress)\/|codemirror|@lezer|@marijn|style-mod|w3c-keyname|crelt|@cfworker|cmdk|@radix-ui|react-remove-scroll|react-style-singleton|use-sidecar|use-callback-ref|aria-hidden@|@dnd-kit|re2js|uplot/;

/** Everything is one origin with the server: no inline script, no `data:` script, nothing from elsewhere (its CSP is strict). */
export default defineConfig({
  // The server puts a <base> into the page: it may be reached below a path.
  base: './',
  plugins: [wordMacros(), react(), tailwindcss(), lingui()],
  build: {
    // The first versions that know light-dark(), which the colour tokens are made of.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // React, its router, the query cache and Base UI come to 690 kB (220 kB compressed), once a release of theirs.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Libraries change seldom: browsers keep them over releases of the application.
            { name: 'vendor', test: (id) => /node_modules/.test(id) && !later.test(id) },
            // What the frame and most pages need, in two files: each by itself would be sixty requests before the first paint.
            { name: 'shared', test: /admin-ui\/src\//, minShareCount: 10 },
            {
              name: 'shell',
              test: /admin-ui\/src\/(api|connection|kills|presence|receipts|pages\/(layout|sign-in))\//,
            },
          ],
        },
      },
    },
  },
  // `vite` on its own, for work on the pages: BUNTING_URL names a server that is running.
  server: { proxy: { '/api': { target: process.env.BUNTING_URL ?? 'http://127.0.0.1:4242' } } },
});
