import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { installedName, installPeers } from '../install-peers.ts';
import type { Outcome, Subject } from '../subject.ts';

/** What a page has to import to start a client, of which packages. */
interface Bundle {
  readonly packageName: string;
  readonly imports: string;
}

const ours: Bundle = { packageName: '@bunting/browser', imports: `export { connect } from '@bunting/browser';` };
const react: Bundle = {
  packageName: '@bunting/browser/react',
  imports: `export { FlagsProvider, useFlag } from '@bunting/browser/react'; ${ours.imports}`,
};
const peers: readonly Bundle[] = [
  { packageName: 'unleash-proxy-client', imports: `export { UnleashClient } from 'unleash-proxy-client';` },
  {
    packageName: '@launchdarkly/js-client-sdk',
    imports: `export { createClient } from '@launchdarkly/js-client-sdk';`,
  },
  { packageName: '@growthbook/growthbook', imports: `export { GrowthBook } from '@growthbook/growthbook';` },
  {
    packageName: '@openfeature/ofrep-web-provider',
    imports: `export { OFREPWebProvider } from '@openfeature/ofrep-web-provider'; export { OpenFeature } from '@openfeature/web-sdk';`,
  },
  { packageName: 'posthog-js-lite', imports: `export { default } from 'posthog-js-lite';` },
  { packageName: '@statsig/js-client', imports: `export { StatsigClient } from '@statsig/js-client';` },
];

const budgetBytes = 5 * 1024;

/** How much a page downloads for its flags. */
export const size: Subject = {
  name: 'size',
  about: 'what a page downloads to start a client: minified and gzipped bytes of the browser SDKs',

  async measure({ say }): Promise<Outcome> {
    installPeers(say);
    // Beside the packages, so that their names are found; and never left behind.
    const here = mkdtempSync(join(import.meta.dirname, '.size-'));
    const there = mkdtempSync(join(import.meta.dirname, '../peers/.size-'));
    try {
      const sizes: Record<string, number> = {};
      for (const bundle of peers) {
        sizes[installedName({ name: '', file: '', packageName: bundle.packageName })] = await weigh(bundle, there);
      }
      const unit = 'bytes';
      const better = 'lower';
      return {
        measurements: [
          { case: 'client', unit, better, ours: await weigh(ours, here), budget: budgetBytes, peers: sizes },
          { case: 'client and React hooks, without React', unit, better, ours: await weigh(react, here) },
        ],
        notes: [
          'bundled and minified by Vite, gzip level 9; OFREP’s provider together with the OpenFeature web SDK it needs',
        ],
      };
    } finally {
      for (const folder of [here, there]) rmSync(folder, { recursive: true });
    }
  },
};

async function weigh({ imports }: Bundle, folder: string): Promise<number> {
  const input = join(folder, 'entry.js');
  writeFileSync(input, imports);
  const built = (await build({
    configFile: false,
    logLevel: 'silent',
    root: folder,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: true,
      rolldownOptions: { input, external: [/^react/], preserveEntrySignatures: 'strict' },
    },
  })) as Rolldown.RolldownOutput;
  const code = built.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('');
  return gzipSync(code, { level: 9 }).length;
}
