import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { installedName, installPeers } from '../install-peers.ts';
import type { Outcome, Subject } from '../subject.ts';

/** Files that import what a page needs to start a client, and the packages that it is of. */
const peers = {
  'unleash.ts': 'unleash-proxy-client',
  'launchdarkly.ts': '@launchdarkly/js-client-sdk',
  'growthbook.ts': '@growthbook/growthbook',
  'ofrep.ts': '@openfeature/ofrep-web-provider',
  'posthog.ts': 'posthog-js-lite',
  'statsig.ts': '@statsig/js-client',
} as const;

const budgetBytes = 5 * 1024;

/** How much a page downloads for its flags. */
export const size: Subject = {
  name: 'size',
  about: 'what a page downloads to start a client: minified and gzipped bytes of the browser SDKs',

  async measure({ say }): Promise<Outcome> {
    installPeers(say);
    const sizes: Record<string, number> = {};
    for (const [file, packageName] of Object.entries(peers)) {
      sizes[installedName({ name: packageName, file, packageName })] = await weigh(join('../peers/browser', file));
    }
    const unit = 'bytes';
    const better = 'lower';
    return {
      measurements: [
        { case: 'client', unit, better, ours: await weigh('bunting.ts'), budget: budgetBytes, peers: sizes },
        { case: 'client and hooks, without React itself', unit, better, ours: await weigh('bunting-react.ts') },
      ],
      notes: [
        'bundled and minified by Vite, gzip level 9; OFREP’s provider with the OpenFeature web SDK that it needs',
      ],
    };
  },
};

/** @param file relative to this one */
async function weigh(file: string): Promise<number> {
  const built = (await build({
    configFile: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: true,
      rolldownOptions: {
        input: join(import.meta.dirname, file),
        external: [/^react/],
        preserveEntrySignatures: 'strict',
      },
    },
  })) as Rolldown.RolldownOutput;
  const code = built.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('');
  return gzipSync(code, { level: 9 }).length;
}
