import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import type { Changes } from '../changes/changes.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { AddressPolicy } from '../egress/address-policy.ts';
import type { Environments } from '../environments/service.ts';
import type { FlagTargeting } from '../flags/targeting-service.ts';
import type { Interventions } from '../interventions/interventions.ts';
import type { Journal } from '../journal/journal.ts';
import { InstallationMeasurements } from '../measurements/installation-measurements.ts';
import type { Measurements } from '../measurements/measurements.ts';
import { PrometheusPoller } from '../prometheus/poller.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Database } from '../store/tables.ts';
import type { Vault } from '../vault/vault.ts';
import { Coverage } from './coverage.ts';
import { SafeguardMetrics } from './metrics.ts';
import { Outliers } from './outliers.ts';
import { SafeguardBook } from './safeguard-book.ts';
import { Safeguards } from './service.ts';
import { VerdictStore } from './verdict-store.ts';
import { Verdicts } from './verdicts.ts';
import { SafeguardWatch } from './watch.ts';

interface SafeguardsOptions {
  readonly database: Database;
  readonly changes: Changes;
  readonly environments: Environments;
  readonly targeting: FlagTargeting;
  readonly rulesets: Rulesets;
  readonly measurements: Measurements;
  readonly cluster: Cluster;
  readonly interventions: Interventions;
  readonly journal: Journal;
  readonly vault: Vault;
  /** Where Prometheus may be asked. */
  readonly policy: AddressPolicy;
  readonly registry: Registry;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

/** Safeguards begin to watch. */
export async function openSafeguards(options: SafeguardsOptions) {
  const { database, changes, environments, rulesets, journal, log } = options;
  const book = new SafeguardBook(database, log);
  await book.catchUp();
  changes.onCount('safeguards', () => book.refresh());
  const metrics = new SafeguardMetrics(options.registry);
  const store = new VerdictStore({ changes, journal, gauge: metrics.unstored, log });
  const { measurements, cluster, interventions, targeting, vault, policy, now } = options;
  const poller = new PrometheusPoller({ policy, registry: options.registry, now });
  const outliers = new Outliers(new InstallationMeasurements(measurements, cluster), log);
  const watch = new SafeguardWatch({
    book,
    measurements,
    poller,
    vault,
    cluster,
    rulesets,
    interventions,
    outliers,
    verdicts: store,
    metrics,
    log,
    now,
  });
  watch.begin();
  return {
    safeguards: new Safeguards({ database, changes, environments, targeting, rulesets, book, watch, cluster, now }),
    verdicts: new Verdicts(database, environments),
    coverage: new Coverage({ rulesets, book, watch, now }),
    ...{ book, watch },
    close: async () => {
      await watch.close();
      book.close();
      await store.close();
    },
  };
}
