import { fileURLToPath } from 'node:url';
import { getConfig } from '@lingui/conf';
import { linguiTransformerBabelPreset } from '@lingui/vite-plugin';
import babel from '@rolldown/plugin-babel';

/**
 * Makes calls of what is written with Lingui's macros, in the build and in unit tests alike. The English stays in the code:
 * it needs no catalogue, and each page brings its own words and no others.
 */
export function wordMacros() {
  const configPath = fileURLToPath(new URL('lingui.config.ts', import.meta.url));
  const linguiConfig = getConfig({ configPath });
  return babel({
    presets: [linguiTransformerBabelPreset({ descriptorFields: 'message', linguiConfig }, { configPath })],
  });
}
