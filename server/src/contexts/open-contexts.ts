import type { FastifyBaseLogger } from 'fastify';
import type { Changes } from '../changes/changes.ts';
import { ensureSecret } from '../cluster/repository.ts';
import type { Config } from '../config/config.ts';
import type { Environments } from '../environments/service.ts';
import type { CompiledRulesets } from '../evaluate/compiled-rulesets.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Store } from '../store/store.ts';
import { KnownSettings } from './known-settings.ts';
import { Previews } from './preview.ts';
import { ContextRecorder } from './recorder.ts';
import { Sampling } from './sampling.ts';
import { Contexts } from './service.ts';

interface ContextsOptions {
  readonly store: Store;
  readonly changes: Changes;
  readonly environments: Environments;
  readonly rulesets: Rulesets;
  readonly compiled: CompiledRulesets;
  readonly metrics: Metrics;
  readonly config: Pick<Config, 'contextSamples' | 'contextRetentionHours'>;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

/** Samples of the contexts that SDKs evaluated, and whom a change would move among them. */
export async function openContexts(options: ContextsOptions) {
  const { store, changes, environments, rulesets, compiled, metrics, config, log, now } = options;
  const { database } = store;
  const settings = new KnownSettings(database, await ensureSecret(database, 'context-salt'), log);
  await settings.catchUp();
  changes.onCount('context-settings', () => settings.refresh());
  const keep = { samples: config.contextSamples, forMs: config.contextRetentionHours * 3_600_000 };
  return {
    contextSettings: settings,
    contexts: new ContextRecorder({ store, settings, metrics, log, now, keep }),
    contextViews: new Contexts({ database, changes, environments, settings, keep, now }),
    previews: new Previews({
      ...{ database, environments, rulesets, compiled, keep, now },
      report: (error) => log.error({ err: error }, 'a preview failed'),
    }),
    sampling: new Sampling({ database, changes, environments, keep }),
  };
}
