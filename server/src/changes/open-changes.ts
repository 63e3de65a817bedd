import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { Cluster } from '../cluster/cluster.ts';
import type { Config } from '../config/config.ts';
import { Journal } from '../journal/journal.ts';
import { measureJournal } from '../journal/metrics.ts';
import { KillJournal } from '../kills/kill-journal.ts';
import { Kills } from '../kills/kills.ts';
import { Metrics } from '../metrics/metrics.ts';
import { CatchUp } from '../rulesets/catch-up.ts';
import { findHeads } from '../rulesets/repository.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import { Slots } from '../store/slots.ts';
import type { Store } from '../store/store.ts';
import { VERSION } from '../version.ts';
import { Changes } from './changes.ts';
import { StoreMetrics } from './metrics.ts';

interface ChangesOptions {
  readonly store: Store;
  readonly config: Config;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

/** What is served, in memory and up to date, and the two things that change it: commits and kills. */
export async function openChanges({ store, config, log, now }: ChangesOptions) {
  const { database } = store;
  const rulesets = new Rulesets((error) => log.error({ err: error }, 'a change was committed but not fully published'));
  const metrics = new Metrics(rulesets);
  const storeMetrics = new StoreMetrics(metrics.registry, store);
  const onCaughtUp = (how: 'changes' | 'whole') => storeMetrics.catchUps.inc({ how });
  const catchUp = new CatchUp({ store, rulesets, log, onCaughtUp });
  for (const { environmentId } of await findHeads(database)) await catchUp.environment(environmentId);
  const isShared = store.engine === 'postgres';
  const cluster = new Cluster({ database, isShared, metrics, log, version: VERSION, now });
  await cluster.load();
  const journal = await Journal.open(join(config.dataDir, 'journal'), log);
  measureJournal(metrics.registry, journal);
  const kills = new Kills({ store, rulesets, journal: new KillJournal(journal), cluster, metrics, log, now });
  await kills.catchUp();
  const onCommit = (ms: number) => storeMetrics.commitSeconds.observe(ms / 1000);
  // Half of the connections: changes of one project wait for each other, and must not keep all readers waiting.
  const slots = isShared
    ? new Slots(Math.ceil(config.databasePoolSize / 2), config.databaseStatementTimeoutMs)
    : undefined;
  const changes = new Changes({ store, rulesets, catchUp, now, slots, onCommit });
  return { rulesets, metrics, storeMetrics, catchUp, cluster, journal, kills, changes };
}
