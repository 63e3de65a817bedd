import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import { openAccess } from './access/open-access.ts';
import { chainOldEvents } from './audit/chain.ts';
import { openAlerts } from './bindings/open-alerts.ts';
import { Blame } from './blame/blame.ts';
import { Applier } from './change-requests/applier.ts';
import { Reviews } from './change-requests/reviews.ts';
import { ChangeRequests } from './change-requests/service.ts';
import { Follower } from './changes/follower.ts';
import { openChanges } from './changes/open-changes.ts';
import { Comments } from './comments/service.ts';
import type { Config } from './config/config.ts';
import { openContexts } from './contexts/open-contexts.ts';
import { Dependencies } from './dependencies/service.ts';
import { readAddressPolicy } from './egress/address-policy.ts';
import { Environments } from './environments/service.ts';
import { CompiledRulesets } from './evaluate/compiled-rulesets.ts';
import { ExposureCounts } from './exposures/exposure-counts.ts';
import { ExposureViews } from './exposures/service.ts';
import { DrillMetrics } from './fire-drills/metrics.ts';
import { FireDrillRunner } from './fire-drills/runner.ts';
import { FireDrills } from './fire-drills/service.ts';
import { MigrationGuard } from './flags/migration-guard.ts';
import { Flags } from './flags/service.ts';
import { FlagTargeting } from './flags/targeting-service.ts';
import { Freezes } from './freezes/service.ts';
import { openGates } from './gates/open-gates.ts';
import { measureDatabase } from './health/metrics.ts';
import { Readiness } from './health/readiness.ts';
import { completeHistory } from './history/complete.ts';
import { openHistory } from './history/open-history.ts';
import { UnderWay } from './idempotency/under-way.ts';
import { growthOfRamps, growthOfReleases } from './interventions/growth.ts';
import { InterventionHistory } from './interventions/history.ts';
import { Interventions } from './interventions/interventions.ts';
import { OutcomeLog } from './interventions/outcome-log.ts';
import { openKeys } from './keys/open-keys.ts';
import { Timelines } from './kills/timelines.ts';
import { Line } from './line/service.ts';
import { InstallationMeasurements } from './measurements/installation-measurements.ts';
import { Measurements } from './measurements/measurements.ts';
import { PathMetrics } from './measurements/metrics.ts';
import { MeasurementViews } from './measurements/service.ts';
import { openMigrationPlans } from './migration-plans/open-migration-plans.ts';
import { Presence } from './presence/presence.ts';
import { Projects } from './projects/service.ts';
import { DataSources } from './prometheus/service.ts';
import { Promotions } from './promotions/service.ts';
import { Ramps } from './ramps/service.ts';
import { RECEIPT_LIMITS, type ReceiptLimits } from './receipts/limits.ts';
import { openReceipts } from './receipts/open-receipts.ts';
import { Unconfirmed } from './receipts/unconfirmed.ts';
import { ReleaseHooks } from './release-hooks/release-hooks.ts';
import { ReleaseEngine } from './releases/engine.ts';
import { ReleaseLeases } from './releases/leases.ts';
import { Outside } from './releases/outside.ts';
import { Releases } from './releases/service.ts';
import { ReleaseTemplates } from './releases/templates/service.ts';
import { Reverts } from './reverts/service.ts';
import { openSafeguards } from './safeguards/open-safeguards.ts';
import { ScheduleRunner } from './schedules/runner.ts';
import { Schedules } from './schedules/service.ts';
import { SegmentKeys } from './segments/keys-service.ts';
import { Segments } from './segments/service.ts';
import { ensureFirstProject } from './setup/first-project.ts';
import { explain, openMigrated } from './store/open-store.ts';
import type { Store } from './store/store.ts';
import type { StreamLimits } from './stream/limits.ts';
import { openDelivery } from './stream/open-delivery.ts';
import { Telemetry } from './telemetry/telemetry.ts';
import { readForProject } from './traffic/for-project.ts';
import { TrafficEditor } from './traffic/service.ts';
import { TrafficTargets } from './traffic/targets.ts';
import { findMasterKeys } from './vault/master-keys.ts';
import { openVault } from './vault/vault.ts';
import { FlagViews } from './views/service.ts';
import { openWebhooks } from './webhooks/open-webhooks.ts';

interface ServicesOptions {
  readonly config: Config;
  readonly log: FastifyBaseLogger;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
  readonly streamLimits: Partial<StreamLimits>;
  readonly receiptLimits: ReceiptLimits;
}

/** Everything that routes and the stream work with, built once and in order. */
export type Services = Awaited<ReturnType<typeof build>>;

/** Opens the database, loads what is served into memory, and makes what a first start needs. */
export async function openServices(
  config: Config,
  log: FastifyBaseLogger,
  now: () => number,
  streamLimits: Partial<StreamLimits> = {},
  receiptLimits: ReceiptLimits = RECEIPT_LIMITS,
): Promise<Services> {
  const store = await openMigrated(config, (error) => log.warn({ err: error }, 'an idle database connection was lost'));
  try {
    return await build(store, { config, log, now, streamLimits, receiptLimits });
  } catch (error) {
    await store.database.destroy();
    throw explain(error, config);
  }
}

/** What belongs together is opened together, by the `open-*.ts` of its folder; here stands in which order. */
async function build(store: Store, { config, log, now, streamLimits, receiptLimits }: ServicesOptions) {
  const { database } = store;
  const vault = await openVault(database, findMasterKeys(config));
  await chainOldEvents(database);
  await completeHistory(database);
  const policy = readAddressPolicy(config.egressAllow);
  const served = await openChanges({ store, config, log, now });
  const { rulesets, metrics, storeMetrics, catchUp, cluster, journal, kills, changes } = served;
  const { registry } = metrics;
  const environments = new Environments(database, changes);
  const access = await openAccess({ store, changes, environments, vault, policy, config, log, now });
  const { book, rates } = access;
  const known = await openKeys({ store, changes, rulesets, environments, vault, config, log, now });
  const { keys, keyRing, contextProofs } = known;
  /** The keys of the first project, when this start made it. */
  const firstKeys = await ensureFirstProject(changes, keys);
  const told = openReceipts({ rulesets, peers: cluster, metrics, limits: receiptLimits, log });
  const { receipts, installation, eventStreams } = told;
  // Before the first start of all nobody can have been connected.
  const startedMs = firstKeys.length > 0 ? Number.NEGATIVE_INFINITY : now();
  const latestStartMs = () => Math.max(startedMs, cluster.latestStartMs);
  const { returnMs } = receiptLimits;
  const unconfirmed = new Unconfirmed({ rulesets, installation, latestStartMs, returnMs, now });
  const migrations = new MigrationGuard(unconfirmed);
  const measurements = new Measurements(new PathMetrics(registry), now);
  const exposures = new ExposureCounts(now);
  const compiled = new CompiledRulesets(rulesets, now);
  const sampled = await openContexts({ store, changes, environments, rulesets, compiled, metrics, config, log, now });
  const { contexts, contextSettings } = sampled;
  const outward = openWebhooks({ database, changes, vault, policy, registry, config, log, now });
  const onStored = () => outward.dispatcher.poke();
  const segments = new Segments(database, changes, environments);
  const flags = new Flags({ database, changes, kills, now });
  const targeting = new FlagTargeting(changes, environments, migrations);
  const segmentKeys = new SegmentKeys(changes, environments, rulesets, segments);
  const changeApplier = new Applier({ database, changes, migrations, flags, book });
  const ramps = new Ramps({ database, changes, environments, migrations, now });
  const paths = config.trafficPaths.map(readForProject);
  const namespaces = config.trafficNamespaces.map(readForProject);
  const traffic = { database, vault, policy, paths, namespaces, nginx: config.trafficNginx, now };
  const trafficTargets = new TrafficTargets(traffic);
  const fleet = new InstallationMeasurements(measurements, cluster);
  const plans = openMigrationPlans({
    ...{ database, changes, environments, migrations, unconfirmed, rulesets, installation, kills, vault, policy },
    ...{ measurements: fleet, config, log, now },
  });
  const judging = openGates({
    database,
    environments,
    measurements: fleet,
    rulesets,
    traffic: trafficTargets,
    vault,
    policy,
    config,
    log,
    now,
    migrations: plans.migrationPlans,
    registry,
  });
  const leases = new ReleaseLeases(store, randomUUID());
  const blame = new Blame({ measurements: fleet, log, now });
  const releaseEngine = new ReleaseEngine({
    ...{ database, changes, kills, migrations, plans: plans.migrationPlans, leases, log, now },
    outside: new Outside({ targets: trafficTargets, gates: judging.gates, blame, leases, now }),
  });
  /** Keeps memory equal to a database that other servers write to as well; undefined on SQLite. */
  let follower: Follower | undefined;
  const delivery = openDelivery({
    ...{ rulesets, compiled, keyRing, receipts, telemetry: new Telemetry(metrics, measurements, exposures), contexts },
    ...{ eventStreams, metrics, config, streamLimits, log, now },
    dataAgeMs: () => follower?.dataAgeMs ?? 0,
    vouchAgeMs: releaseEngine.idleMs,
  });
  const releases = new Releases({
    database,
    changes,
    kills,
    migrations,
    plans: plans.migrationPlans,
    engine: releaseEngine,
    targets: trafficTargets,
    trials: judging.trials,
    now,
  });
  const outcomeLog = new OutcomeLog({ database, journal, gauge: metrics.unstoredInterventions, log, onStored });
  const interventions = new Interventions({
    growths: [growthOfRamps(ramps), growthOfReleases(releases)],
    ...{ kills, releases, outcomes: outcomeLog, registry, log, now },
  });
  const alerts = await openAlerts({
    ...{ database, changes, interventions, journal, rates, vault, policy, registry, config, log, now },
  });
  const timelines = new Timelines({ database, rulesets, installation, kills, onStored, log, now });
  const fireDrills = new FireDrills({
    ...{ database, changes, rulesets, flags, kills, timelines, sourceBook: alerts.sourceBook, log, now },
    ...{ sources: alerts.signalSources, bindings: alerts.bindingEditor, metrics: new DrillMetrics(registry) },
  });
  const guards = await openSafeguards({
    ...{ database, changes, environments, targeting, rulesets, measurements, cluster, interventions, journal },
    ...{ vault, policy, registry, log, now },
  });
  judging.countBy(guards);
  const past = openHistory({ database, environments, vault, config, log, now });
  const { audit, history } = past;
  const { databaseUrl, databaseListenUrl: listenUrl = databaseUrl } = config;
  follower =
    listenUrl === undefined || store.engine === 'sqlite'
      ? undefined
      : new Follower(
          {
            ...{ store, rulesets, catchUp, keys, book, kills, changes, contextSettings, contextProofs, log },
            sourceBook: alerts.sourceBook,
            bindingBook: alerts.bindingBook,
            safeguards: guards.book,
            releaseEngine,
            metrics: storeMetrics,
          },
          { listenUrl, connectMs: config.databaseConnectTimeoutMs, pollMs: config.databasePollMs },
        );
  const readiness = new Readiness({ database, changes, rulesets, kills, follower });
  measureDatabase(registry, readiness);
  return {
    database,
    vault,
    policy,
    firstKeys,
    follower,
    readiness,
    migrationGuard: migrations,
    unconfirmed,
    measurements,
    exposures,
    fleet,
    environments,
    segments,
    segmentKeys,
    ...served,
    ...access,
    ...known,
    ...told,
    ...sampled,
    ...delivery,
    ...outward,
    ...alerts,
    ...past,
    flags,
    targeting,
    changeApplier,
    ramps,
    releases,
    releaseEngine,
    trafficTargets,
    outcomeLog,
    interventions,
    timelines,
    ...plans,
    ...{ fireDrills, guards, judging },
    projects: new Projects(database, changes),
    comments: new Comments(database, changes),
    flagViews: new FlagViews(database, changes),
    underWay: new UnderWay(cluster),
    presence: new Presence({ peers: cluster, tickMs: () => performance.now() }),
    dependencies: new Dependencies({ database, environments, rulesets }),
    promotions: new Promotions({ changes, environments, migrations, rulesets }),
    changeRequests: new ChangeRequests({ database, changes, book }),
    changeReviews: new Reviews({ database, changes, book }),
    schedules: new Schedules(database, changes),
    scheduleRunner: new ScheduleRunner({ database, changes, requests: changeApplier, migrations, log, now }),
    releaseTemplates: new ReleaseTemplates(database, changes),
    releaseHooks: new ReleaseHooks({ database, releases, kills, targets: trafficTargets, now }),
    freezes: new Freezes(database, changes, environments),
    trafficEditor: new TrafficEditor({ ...traffic, changes, environments, targets: trafficTargets }),
    line: new Line(changes, migrations),
    dataSources: new DataSources({ database, changes, vault, policy, now }),
    interventionHistory: new InterventionHistory(database),
    fireDrillRunner: new FireDrillRunner(fireDrills, log),
    reverts: new Reverts({ audit, history, flags, targeting, segments, segmentKeys }),
    measurementViews: new MeasurementViews(rulesets, fleet),
    exposureViews: new ExposureViews(rulesets, exposures, cluster),
  };
}
