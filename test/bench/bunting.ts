import { readFileSync } from 'node:fs';
import { type EvaluationContext, encode } from '@bunting/core';
import { connect } from '@bunting/node';
import type { Adapter } from './adapter.ts';
import { serveSnapshot } from './origin.ts';
import { makeSnapshot } from './ruleset.ts';

/**
 * The public API of the Node SDK as an application uses it: connected, exposures counted. Its file is the snapshot as
 * it travels.
 */
export const adapter: Adapter<EvaluationContext> = {
  write: (dataSet) => encode(makeSnapshot(dataSet)),

  async start(file) {
    const origin = await serveSnapshot(readFileSync(file, 'utf8'));
    const flags = connect({ url: origin.url, sdkKey: 'bnt_srv_bench' });
    const { state, error } = await flags.ready({ timeoutMs: 60_000 });
    if (state !== 'live') throw error ?? new Error(`the SDK is ${state}, not live`);
    return {
      isEnabled: (key, context) => flags.isEnabled(key, context),
      async stop() {
        await flags.close();
        origin.close();
      },
    };
  },

  contextOf: ({ id, ...attributes }) => ({ targetingKey: id, ...attributes }),
};
