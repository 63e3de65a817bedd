import type { FastifyBaseLogger } from 'fastify';
import { Audit } from './audit/service.ts';
import { Changes } from './changes/changes.ts';
import { Cluster } from './cluster/cluster.ts';
import type { Config } from './config/config.ts';
import { Environments } from './environments/service.ts';
import { CompiledRulesets } from './evaluate/compiled-rulesets.ts';
import { Flags } from './flags/service.ts';
import { FlagTargeting } from './flags/targeting-service.ts';
import { Readiness } from './health/readiness.ts';
import { KeyRing } from './keys/key-ring.ts';
import { Keys } from './keys/service.ts';
import { Kills } from './kills/kills.ts';
import { Metrics } from './metrics/metrics.ts';
import { ChangeSignal } from './ofrep/change-signal.ts';
import type { OfrepDependencies } from './ofrep/routes.ts';
import type { PollingDependencies } from './polling/routes.ts';
import { Projects } from './projects/service.ts';
import { EventStreams } from './receipts/event-stream.ts';
import { Installation } from './receipts/installation.ts';
import { RECEIPT_LIMITS, type ReceiptLimits } from './receipts/limits.ts';
import { LiveReceipts } from './receipts/live-receipts.ts';
import { logBehind } from './receipts/log-behind.ts';
import { measureInstances } from './receipts/metrics.ts';
import { Receipts } from './receipts/receipts.ts';
import { ReceiptViews } from './receipts/service.ts';
import type { LiveRulesetState } from './rulesets/live-ruleset.ts';
import { loadRulesets, reincarnateChanged } from './rulesets/repository.ts';
import { Rulesets } from './rulesets/rulesets.ts';
import { Sessions } from './sessions/service.ts';
import { ensureFirstProject, type FirstKey } from './setup/first-project.ts';
import { Setup } from './setup/service.ts';
import { openDatabase } from './store/open-database.ts';
import type { Database } from './store/tables.ts';
import { STREAM_LIMITS, type StreamLimits } from './stream/limits.ts';
import { Stream } from './stream/stream.ts';
import { Telemetry } from './telemetry/telemetry.ts';
import { VERSION } from './version.ts';

/** Everything that routes and the stream work with, built once and in order. */
export interface Services {
  readonly database: Database;
  readonly rulesets: Rulesets;
  readonly changes: Changes;
  readonly keyRing: KeyRing;
  readonly keys: Keys;
  readonly sessions: Sessions;
  readonly setup: Setup;
  readonly projects: Projects;
  readonly environments: Environments;
  readonly flags: Flags;
  readonly targeting: FlagTargeting;
  readonly cluster: Cluster;
  readonly kills: Kills;
  readonly audit: Audit;
  readonly metrics: Metrics;
  readonly receipts: Receipts;
  readonly receiptViews: ReceiptViews;
  readonly liveReceipts: LiveReceipts;
  readonly eventStreams: EventStreams;
  readonly stream: Stream;
  readonly ofrep: OfrepDependencies;
  readonly polling: PollingDependencies;
  readonly readiness: Readiness;
  /** The keys of the first project, when this start made it. */
  readonly firstKeys: readonly FirstKey[];
  /** The token of the one-time link that makes the owner; undefined when there is one. */
  readonly setupToken: string | undefined;
}

/** Opens the database, loads what is served into memory, and makes what a first start needs. */
export async function openServices(
  config: Pick<Config, 'dataDir' | 'bootstrapAdminKey'>,
  log: FastifyBaseLogger,
  now: () => number,
  streamLimits: Partial<StreamLimits> = {},
  receiptLimits: ReceiptLimits = RECEIPT_LIMITS,
): Promise<Services> {
  const database = await openDatabase(config.dataDir);
  try {
    const rulesets = new Rulesets((error) =>
      log.error({ err: error }, 'a change was committed but not fully published'),
    );
    for (const state of await loadIntactRulesets(database, log)) rulesets.add(state);
    const metrics = new Metrics(rulesets);
    const cluster = new Cluster({ database, isShared: false, metrics, log, version: VERSION, now });
    await cluster.load();
    const kills = new Kills({ database, rulesets, cluster, metrics, log, now });
    await kills.catchUp();
    const changes = new Changes(database, rulesets, now);
    const keyRing = new KeyRing();
    const environments = new Environments(database, changes);
    const keys = new Keys(database, changes, environments, keyRing);
    await keys.load();
    if (config.bootstrapAdminKey !== undefined) await keys.ensureAdminKey(config.bootstrapAdminKey);
    const firstKeys = await ensureFirstProject(changes, keys);
    const sessions = new Sessions(database, now);
    const setup = new Setup(database, changes, sessions);
    const receipts = new Receipts(rulesets, metrics, receiptLimits);
    measureInstances(metrics.registry, rulesets, receipts);
    logBehind(receipts, log);
    const { unknownForMs } = receiptLimits;
    const installation = new Installation({ receipts, peers: cluster, unknownForMs });
    const telemetry = new Telemetry(metrics);
    const eventStreams = new EventStreams();
    const compiled = new CompiledRulesets(rulesets, now);
    const signal = new ChangeSignal(rulesets);
    const origin = { nowMs: now, dataAgeMs: () => 0 };
    const limits = { ...STREAM_LIMITS, ...streamLimits };
    return {
      database,
      rulesets,
      changes,
      keyRing,
      keys,
      sessions,
      setup,
      projects: new Projects(database, changes),
      environments,
      flags: new Flags(database, changes),
      targeting: new FlagTargeting(changes, environments),
      cluster,
      kills,
      audit: new Audit(database),
      metrics,
      receipts,
      receiptViews: new ReceiptViews({ rulesets, receipts, installation }),
      liveReceipts: new LiveReceipts(installation, receipts),
      eventStreams,
      polling: { rulesets, keys: keyRing, receipts, telemetry, origin, limits },
      ofrep: { rulesets, compiled, keys: keyRing, telemetry, signal, streams: eventStreams },
      stream: new Stream({ rulesets, compiled, keys: keyRing, receipts, telemetry, metrics, log, origin }, limits),
      readiness: new Readiness(database, changes, rulesets, kills),
      firstKeys,
      setupToken: await setup.begin(),
    };
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

async function loadIntactRulesets(database: Database, log: FastifyBaseLogger): Promise<LiveRulesetState[]> {
  const states = await loadRulesets(database);
  const changed = await reincarnateChanged(database, states);
  for (const { project, environment } of changed) {
    log.warn({ project, environment }, 'the ruleset was changed outside of this server; it has a new incarnation');
  }
  return changed.length === 0 ? states : loadRulesets(database);
}
