import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { AccessBook } from './access/access-book.ts';
import { LastUse } from './access/last-use.ts';
import { RequestRates } from './access/request-rates.ts';
import { chainOldEvents } from './audit/chain.ts';
import { Checkpointer, checkpointOptionsOf } from './audit/checkpointer.ts';
import { Audit } from './audit/service.ts';
import { Acted } from './bindings/acted.ts';
import { BindingBook } from './bindings/binding-book.ts';
import { Bindings } from './bindings/bindings.ts';
import { BindingSamples } from './bindings/samples.ts';
import { BindingEditor } from './bindings/service.ts';
import { Applier } from './change-requests/applier.ts';
import { Reviews } from './change-requests/reviews.ts';
import { ChangeRequests } from './change-requests/service.ts';
import { Changes } from './changes/changes.ts';
import { Follower } from './changes/follower.ts';
import { StoreMetrics } from './changes/metrics.ts';
import { Cluster } from './cluster/cluster.ts';
import { ensureSecret } from './cluster/repository.ts';
import type { Config } from './config/config.ts';
import { ContextProofs } from './context-proofs/service.ts';
import { KnownSettings } from './contexts/known-settings.ts';
import { Previews } from './contexts/preview.ts';
import { ContextRecorder } from './contexts/recorder.ts';
import { Sampling } from './contexts/sampling.ts';
import { Contexts } from './contexts/service.ts';
import { readAddressPolicy } from './egress/address-policy.ts';
import { Environments } from './environments/service.ts';
import { CompiledRulesets } from './evaluate/compiled-rulesets.ts';
import { RequestLimits } from './evaluate/request-limits.ts';
import { DrillMetrics } from './fire-drills/metrics.ts';
import { FireDrillRunner } from './fire-drills/runner.ts';
import { FireDrills } from './fire-drills/service.ts';
import { MigrationGuard } from './flags/migration-guard.ts';
import { Flags } from './flags/service.ts';
import { FlagTargeting } from './flags/targeting-service.ts';
import { Freezes } from './freezes/service.ts';
import { Grants } from './grants/service.ts';
import { Groups } from './groups/service.ts';
import { measureDatabase } from './health/metrics.ts';
import { Readiness } from './health/readiness.ts';
import { completeHistory } from './history/complete.ts';
import { PastRulesets } from './history/past-rulesets.ts';
import { Retention } from './history/retention.ts';
import { History } from './history/service.ts';
import { basePathOf } from './http/base-path.ts';
import { Arrivals } from './identity-providers/arrivals.ts';
import { FlowCookie } from './identity-providers/flow-cookie.ts';
import { Oidc } from './identity-providers/oidc.ts';
import { IdentityProviders } from './identity-providers/service.ts';
import { growthOfRamps, growthOfReleases } from './interventions/growth.ts';
import { InterventionHistory } from './interventions/history.ts';
import { Interventions } from './interventions/interventions.ts';
import { OutcomeLog } from './interventions/outcome-log.ts';
import { Journal } from './journal/journal.ts';
import { measureJournal } from './journal/metrics.ts';
import { KeyRing } from './keys/key-ring.ts';
import { noteKeyUse } from './keys/repository.ts';
import { Keys } from './keys/service.ts';
import { KillJournal } from './kills/kill-journal.ts';
import { Kills } from './kills/kills.ts';
import { Timelines } from './kills/timelines.ts';
import { Line } from './line/service.ts';
import { Mailer } from './mail/mailer.ts';
import { InstallationMeasurements } from './measurements/installation-measurements.ts';
import { Measurements } from './measurements/measurements.ts';
import { PathMetrics } from './measurements/metrics.ts';
import { MeasurementViews } from './measurements/service.ts';
import { Metrics } from './metrics/metrics.ts';
import { ChangeSignal } from './ofrep/change-signal.ts';
import type { OfrepDependencies } from './ofrep/routes.ts';
import { Passwords } from './passwords/service.ts';
import type { PollingDependencies } from './polling/routes.ts';
import { Projects } from './projects/service.ts';
import { DataSources } from './prometheus/service.ts';
import { Promotions } from './promotions/service.ts';
import { Ramps } from './ramps/service.ts';
import { EventStreams } from './receipts/event-stream.ts';
import { Installation } from './receipts/installation.ts';
import { RECEIPT_LIMITS, type ReceiptLimits } from './receipts/limits.ts';
import { LiveReceipts } from './receipts/live-receipts.ts';
import { logBehind } from './receipts/log-behind.ts';
import { measureInstances } from './receipts/metrics.ts';
import { Receipts } from './receipts/receipts.ts';
import { ReceiptViews } from './receipts/service.ts';
import { Unconfirmed } from './receipts/unconfirmed.ts';
import { ReleaseEngine } from './releases/engine.ts';
import { Releases } from './releases/service.ts';
import { Reverts } from './reverts/service.ts';
import { Roles } from './roles/service.ts';
import { CatchUp } from './rulesets/catch-up.ts';
import { findHeads } from './rulesets/repository.ts';
import { Rulesets } from './rulesets/rulesets.ts';
import { openSafeguards, type SafeguardServices } from './safeguards/open-safeguards.ts';
import { SafeguardBook } from './safeguards/safeguard-book.ts';
import { ScheduleRunner } from './schedules/runner.ts';
import { Schedules } from './schedules/service.ts';
import { SecondFactors } from './second-factors/service.ts';
import { SegmentKeys } from './segments/keys-service.ts';
import { Segments } from './segments/service.ts';
import { ServiceAccounts } from './service-accounts/service.ts';
import { Credentials } from './sessions/credentials.ts';
import { Sessions } from './sessions/service.ts';
import { ensureFirstProject, type FirstKey } from './setup/first-project.ts';
import { Setup } from './setup/service.ts';
import { SignInPolicies } from './sign-in-policy/service.ts';
import { Episodes } from './signals/episodes.ts';
import { Inbox } from './signals/inbox.ts';
import { KeptSignals } from './signals/kept-signals.ts';
import { SignalMetrics } from './signals/metrics.ts';
import { Signals } from './signals/signals.ts';
import { Sns } from './signals/sns.ts';
import { SourceBook } from './signals/source-book.ts';
import { SignalSources } from './signals/sources.ts';
import { coalesce } from './store/coalesce.ts';
import { explain, openMigrated } from './store/open-store.ts';
import { Slots } from './store/slots.ts';
import type { Database } from './store/tables.ts';
import { type StreamLimits, streamLimitsOf } from './stream/limits.ts';
import { Stream } from './stream/stream.ts';
import { Telemetry } from './telemetry/telemetry.ts';
import { noteTokenUse } from './tokens/repository.ts';
import { Tokens } from './tokens/service.ts';
import { Users } from './users/service.ts';
import { findMasterKeys } from './vault/master-keys.ts';
import { openVault, type Vault } from './vault/vault.ts';
import { VERSION } from './version.ts';
import { Carrier } from './webhooks/carrier.ts';
import { Dispatcher } from './webhooks/dispatcher.ts';
import { WebhookMetrics } from './webhooks/metrics.ts';
import { Webhooks } from './webhooks/service.ts';

/** Everything that routes and the stream work with, built once and in order. */
export interface Services {
  readonly database: Database;
  readonly vault: Vault;
  readonly webhooks: Webhooks;
  readonly dispatcher: Dispatcher;
  readonly signalSources: SignalSources;
  readonly signals: Signals;
  readonly sourceBook: SourceBook;
  readonly inbox: Inbox;
  readonly keptSignals: KeptSignals;
  readonly bindings: Bindings;
  readonly bindingBook: BindingBook;
  readonly bindingEditor: BindingEditor;
  readonly fireDrills: FireDrills;
  readonly fireDrillRunner: FireDrillRunner;
  readonly bindingSamples: BindingSamples;
  /** Keeps memory equal to a database that other servers write to as well; undefined on SQLite. */
  readonly follower: Follower | undefined;
  readonly rulesets: Rulesets;
  readonly catchUp: CatchUp;
  readonly changes: Changes;
  readonly keyRing: KeyRing;
  readonly keys: Keys;
  readonly book: AccessBook;
  readonly tokenUse: LastUse;
  readonly rates: RequestRates;
  readonly roles: Roles;
  readonly grants: Grants;
  readonly users: Users;
  readonly passwords: Passwords;
  readonly credentials: Credentials;
  readonly factors: SecondFactors;
  readonly policies: SignInPolicies;
  readonly identityProviders: IdentityProviders;
  readonly oidc: Oidc;
  readonly arrivals: Arrivals;
  readonly flowCookie: FlowCookie;
  readonly groups: Groups;
  readonly serviceAccounts: ServiceAccounts;
  readonly tokens: Tokens;
  readonly contextProofs: ContextProofs;
  readonly sessions: Sessions;
  readonly setup: Setup;
  readonly projects: Projects;
  readonly environments: Environments;
  readonly flags: Flags;
  readonly targeting: FlagTargeting;
  readonly promotions: Promotions;
  readonly changeRequests: ChangeRequests;
  readonly changeReviews: Reviews;
  readonly changeApplier: Applier;
  readonly schedules: Schedules;
  readonly scheduleRunner: ScheduleRunner;
  readonly freezes: Freezes;
  readonly ramps: Ramps;
  readonly releases: Releases;
  readonly releaseEngine: ReleaseEngine;
  readonly line: Line;
  readonly cluster: Cluster;
  readonly segments: Segments;
  readonly segmentKeys: SegmentKeys;
  readonly journal: Journal;
  readonly kills: Kills;
  readonly timelines: Timelines;
  readonly interventions: Interventions;
  readonly dataSources: DataSources;
  readonly guards: SafeguardServices;
  readonly interventionHistory: InterventionHistory;
  readonly outcomeLog: OutcomeLog;
  readonly audit: Audit;
  readonly checkpointer: Checkpointer;
  readonly history: History;
  readonly reverts: Reverts;
  readonly retention: Retention;
  readonly metrics: Metrics;
  readonly sampling: Sampling;
  readonly contexts: ContextRecorder;
  readonly contextViews: Contexts;
  readonly previews: Previews;
  readonly measurements: Measurements;
  readonly measurementViews: MeasurementViews;
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

/** How often keys are read at most because one is not known, in milliseconds. */
const KEY_LOOK_UP_MS = 100;

/** Opens the database, loads what is served into memory, and makes what a first start needs. */
export async function openServices(
  config: Config,
  log: FastifyBaseLogger,
  now: () => number,
  streamLimits: Partial<StreamLimits> = {},
  receiptLimits: ReceiptLimits = RECEIPT_LIMITS,
): Promise<Services> {
  const store = await openMigrated(config, (error) => log.warn({ err: error }, 'an idle database connection was lost'));
  const { database } = store;
  try {
    const vault = await openVault(database, findMasterKeys(config));
    await chainOldEvents(database);
    await completeHistory(database);
    const rulesets = new Rulesets((error) =>
      log.error({ err: error }, 'a change was committed but not fully published'),
    );
    const metrics = new Metrics(rulesets);
    const storeMetrics = new StoreMetrics(metrics.registry, store);
    const onCaughtUp = (how: 'changes' | 'whole') => storeMetrics.catchUps.inc({ how });
    const catchUp = new CatchUp({ store, rulesets, log, onCaughtUp });
    for (const { environmentId } of await findHeads(database)) await catchUp.environment(environmentId);
    const cluster = new Cluster({
      database,
      isShared: store.engine === 'postgres',
      metrics,
      log,
      version: VERSION,
      now,
    });
    await cluster.load();
    const journal = await Journal.open(join(config.dataDir, 'journal'), log);
    measureJournal(metrics.registry, journal);
    const killJournal = new KillJournal(journal);
    const kills = new Kills({ store, rulesets, journal: killJournal, cluster, metrics, log, now });
    await kills.catchUp();
    const onCommit = (ms: number) => storeMetrics.commitSeconds.observe(ms / 1000);
    // Half of the connections: changes of one project wait for each other, and must not keep all readers waiting.
    const slots =
      store.engine === 'sqlite'
        ? undefined
        : new Slots(Math.ceil(config.databasePoolSize / 2), config.databaseStatementTimeoutMs);
    const changes = new Changes({ store, rulesets, catchUp, now, slots, onCommit });
    const book = new AccessBook(database, log, now);
    await book.catchUp();
    changes.onCount('access', () => book.refresh());
    const sourceBook = new SourceBook({ database, vault, log });
    await sourceBook.catchUp();
    changes.onCount('signal-sources', () => sourceBook.refresh());
    const safeguardBook = new SafeguardBook(database, log);
    await safeguardBook.catchUp();
    changes.onCount('safeguards', () => safeguardBook.refresh());
    const bindingBook = new BindingBook(database, log);
    await bindingBook.catchUp();
    changes.onCount('bindings', () => bindingBook.refresh());
    const tokenUse = new LastUse({ write: (id, atMs) => noteTokenUse(database, id, atMs), log, now });
    const keyRing = new KeyRing(now);
    const keyUse = new LastUse({ write: (id, atMs) => noteKeyUse(database, id, atMs), log, now });
    keyRing.onUse(({ id, isWorker }) => {
      if (!isWorker) keyUse.note(id);
    });
    rulesets.onRemove(({ environmentId }) => keyRing.replace(environmentId, []));
    const environments = new Environments(database, changes);
    const segments = new Segments(database, changes, environments);
    const keys = new Keys(database, changes, environments, keyRing, now);
    await keys.catchUp();
    // A flood of wrong keys reads them once in a while, not all the time.
    const lookUp = coalesce(() => Promise.all([keys.catchUp(), wait(KEY_LOOK_UP_MS)]).then(() => {}));
    if (store.engine === 'postgres') keyRing.lookUpBy(lookUp);
    if (config.bootstrapAdminKey !== undefined) await keys.ensureAdminKey(config.bootstrapAdminKey);
    const firstKeys = await ensureFirstProject(changes, keys);
    const contextProofs = new ContextProofs({ database, changes, environments, vault, ring: keyRing, log });
    await contextProofs.catchUp();
    const sessions = new Sessions(database, now);
    const credentials = new Credentials(database, now);
    const issuer = config.publicUrl === undefined ? 'Bunting' : `Bunting (${new URL(config.publicUrl).host})`;
    const factors = new SecondFactors({ database, changes, vault, sessions, book, issuer, now });
    const policies = new SignInPolicies(database, changes, book);
    const setup = new Setup(store, changes, sessions, now);
    const receipts = new Receipts(rulesets, metrics, receiptLimits);
    measureInstances(metrics.registry, rulesets, receipts);
    logBehind(receipts, log);
    const { unknownForMs } = receiptLimits;
    const installation = new Installation({ receipts, peers: cluster, unknownForMs });
    const migrations = new MigrationGuard(new Unconfirmed(rulesets, installation));
    const measurements = new Measurements(new PathMetrics(metrics.registry), now);
    const telemetry = new Telemetry(metrics, measurements);
    const contextSettings = new KnownSettings(database, await ensureSecret(database, 'context-salt'));
    await contextSettings.catchUp();
    const keep = { samples: config.contextSamples, forMs: config.contextRetentionHours * 3_600_000 };
    const contexts = new ContextRecorder({ store, settings: contextSettings, metrics, log, now, keep });
    const eventStreams = new EventStreams();
    const compiled = new CompiledRulesets(rulesets, now);
    const requests = new RequestLimits(config);
    const signal = new ChangeSignal(rulesets);
    const origin = { nowMs: now, dataAgeMs: () => 0 };
    const limits = { ...streamLimitsOf(config), ...streamLimits };
    const setupToken = await setup.begin();
    const { databaseUrl, databaseListenUrl = databaseUrl } = config;
    const follower =
      databaseListenUrl === undefined || store.engine === 'sqlite'
        ? undefined
        : new Follower(
            {
              store,
              rulesets,
              catchUp,
              keys,
              book,
              kills,
              safeguards: safeguardBook,
              contextSettings,
              contextProofs,
              sourceBook,
              bindingBook,
              changes,
              metrics: storeMetrics,
              log,
            },
            { listenUrl: databaseListenUrl, connectMs: config.databaseConnectTimeoutMs, pollMs: config.databasePollMs },
          );
    const policy = readAddressPolicy(config.egressAllow);
    const oidc = new Oidc(policy, now);
    const { publicUrl } = config;
    const webhookMetrics = new WebhookMetrics(metrics.registry);
    const carrier = new Carrier({ vault, policy, mailer: Mailer.of(config), now });
    const dispatcher = new Dispatcher({
      database,
      changes,
      carrier,
      metrics: webhookMetrics,
      publicUrl,
      log,
      now,
    });
    changes.onStored(() => dispatcher.poke());
    const ramps = new Ramps({ database, changes, environments, migrations, now });
    const { registry } = metrics;
    const outcomeLog = new OutcomeLog({
      database,
      journal,
      gauge: metrics.unstoredInterventions,
      log,
      onStored: () => dispatcher.poke(),
    });
    const releaseEngine = new ReleaseEngine({ database, changes, kills, migrations, log, now });
    const releases = new Releases({ database, changes, kills, migrations, engine: releaseEngine, now });
    const interventions = new Interventions({
      growths: [growthOfRamps(ramps), growthOfReleases(releases)],
      ...{ kills, releases, outcomes: outcomeLog, registry, log, now },
    });
    const acted = new Acted({ database, log, now });
    await acted.load();
    const bindings = new Bindings({ book: bindingBook, acted, interventions, log, now });
    const episodes = new Episodes(database);
    const { signalRetentionDays: retentionDays } = config;
    const keptSignals = new KeptSignals({ database, journal, log, now, retentionDays });
    const rates = new RequestRates(config);
    const signalSources = new SignalSources({ database, changes, vault });
    const sns = new Sns(policy);
    const inbox = new Inbox({
      ...{ book: sourceBook, taker: bindings, certificates: sns, episodes, kept: keptSignals, rates, log },
      metrics: new SignalMetrics(metrics.registry),
    });
    const timelines = new Timelines({
      database,
      rulesets,
      installation,
      kills,
      onStored: () => dispatcher.poke(),
      log,
      now,
    });
    const flags = new Flags({ database, changes, kills, now });
    const bindingEditor = new BindingEditor(database, changes);
    const fireDrills = new FireDrills({
      ...{ database, changes, rulesets, flags, kills, timelines, sourceBook, log, now },
      ...{ sources: signalSources, bindings: bindingEditor, metrics: new DrillMetrics(registry) },
    });
    const targeting = new FlagTargeting(changes, environments, migrations);
    const guards = openSafeguards({
      ...{ database, changes, environments, targeting, rulesets, measurements, cluster, interventions, journal },
      ...{ book: safeguardBook, vault, policy, registry, log, now },
    });
    const segmentKeys = new SegmentKeys(changes, environments, rulesets, segments);
    const changeApplier = new Applier({ database, changes, migrations, flags, book });
    const audit = new Audit(database, now);
    const history = new History(database, environments, new PastRulesets(database), now);
    const readiness = new Readiness({ database, changes, rulesets, kills, follower });
    measureDatabase(metrics.registry, readiness);
    return {
      database,
      vault,
      webhooks: new Webhooks({ database, changes, vault, carrier, now }),
      dispatcher,
      signalSources,
      signals: new Signals({
        ...{ database, changes, taker: bindings, sns, now },
        ...{ sources: signalSources, book: sourceBook },
      }),
      sourceBook,
      inbox,
      keptSignals,
      bindings,
      bindingBook,
      bindingEditor,
      fireDrills,
      fireDrillRunner: new FireDrillRunner(fireDrills, log),
      bindingSamples: new BindingSamples({ bindings, sources: sourceBook, now }),
      follower,
      rulesets,
      catchUp,
      changes,
      keyRing,
      keys,
      book,
      tokenUse,
      rates,
      roles: new Roles(database, changes),
      grants: new Grants(database, changes, environments, book),
      users: new Users({ database, changes, sessions, book }),
      passwords: new Passwords({ database, changes, sessions, credentials, factors, policies, now }),
      factors,
      policies,
      identityProviders: new IdentityProviders({ database, changes, vault, book, oidc }),
      oidc,
      arrivals: new Arrivals(database, changes),
      flowCookie: new FlowCookie(vault, now),
      credentials,
      groups: new Groups(database, changes, book),
      serviceAccounts: new ServiceAccounts(database, changes, book),
      tokens: new Tokens(database, changes, book),
      contextProofs,
      sessions,
      setup,
      projects: new Projects(database, changes),
      environments,
      flags,
      targeting,
      changeRequests: new ChangeRequests({ database, changes, book }),
      changeReviews: new Reviews({ database, changes, book }),
      changeApplier,
      schedules: new Schedules(database, changes),
      scheduleRunner: new ScheduleRunner({ database, changes, requests: changeApplier, migrations, log, now }),
      freezes: new Freezes(database, changes, environments),
      ramps,
      releases,
      releaseEngine,
      line: new Line(changes, migrations),
      promotions: new Promotions({ changes, environments, migrations, rulesets }),
      cluster,
      segments,
      segmentKeys,
      journal,
      kills,
      timelines,
      interventions,
      dataSources: new DataSources({ database, changes, vault, policy, now }),
      guards,
      interventionHistory: new InterventionHistory(database),
      outcomeLog,
      audit,
      checkpointer: new Checkpointer({ database, vault, log, now, ...checkpointOptionsOf(config) }),
      retention: new Retention({ database, log, now, config }),
      history,
      reverts: new Reverts({ audit, history, flags, targeting, segments, segmentKeys }),
      metrics,
      contextViews: new Contexts({ database, changes, environments, settings: contextSettings, keep, now }),
      previews: new Previews({
        ...{ database, environments, rulesets, compiled, keep, now },
        report: (error) => log.error({ err: error }, 'a preview failed'),
      }),
      sampling: new Sampling({ database, changes, environments, settings: contextSettings }),
      contexts,
      measurements,
      measurementViews: new MeasurementViews(rulesets, new InstallationMeasurements(measurements, cluster)),
      receipts,
      receiptViews: new ReceiptViews({ rulesets, receipts, installation }),
      liveReceipts: new LiveReceipts(installation, receipts),
      eventStreams,
      polling: {
        rulesets,
        compiled,
        keys: keyRing,
        receipts,
        telemetry,
        contexts,
        metrics,
        log,
        origin,
        limits,
        requests,
      },
      ofrep: {
        rulesets,
        compiled,
        keys: keyRing,
        telemetry,
        contexts,
        signal,
        streams: eventStreams,
        origin,
        basePath: basePathOf(config.publicUrl),
        requests,
      },
      stream: new Stream(
        { rulesets, compiled, keys: keyRing, receipts, telemetry, contexts, metrics, log, origin },
        limits,
      ),
      readiness,
      firstKeys,
      setupToken,
    };
  } catch (error) {
    await database.destroy();
    throw explain(error, config);
  }
}
