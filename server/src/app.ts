import type { AddressInfo } from 'node:net';
import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import { guard } from './access/guard.ts';
import { accessRoutes } from './access/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { bindingRoutes } from './bindings/routes.ts';
import { reviewRoutes } from './change-requests/review-routes.ts';
import { changeRequestRoutes } from './change-requests/routes.ts';
import { guardInternal } from './cluster/guard.ts';
import { clusterInternalRoutes } from './cluster/internal-routes.ts';
import { internalUrlOf } from './cluster/internal-url.ts';
import { commentRoutes } from './comments/routes.ts';
import type { Config } from './config/config.ts';
import { contextProofRoutes } from './context-proofs/routes.ts';
import { contextRoutes } from './contexts/routes.ts';
import { samplingRoutes } from './contexts/sampling-routes.ts';
import { decisionLogRoutes } from './decision-log/routes.ts';
import { dependencyRoutes } from './dependencies/routes.ts';
import { openApi } from './docs/openapi.ts';
import { environmentRoutes } from './environments/routes.ts';
import { exposureInternalRoutes } from './exposures/internal-routes.ts';
import { exposureRoutes } from './exposures/routes.ts';
import { fireDrillRoutes } from './fire-drills/routes.ts';
import { flagRoutes } from './flags/routes.ts';
import { freezeRoutes } from './freezes/routes.ts';
import { gateRoutes } from './gates/routes.ts';
import { grantRoutes } from './grants/routes.ts';
import { groupRoutes } from './groups/routes.ts';
import { healthRoutes } from './health/routes.ts';
import { historyRoutes } from './history/routes.ts';
import { ApiError } from './http/api-error.ts';
import type { App } from './http/app-types.ts';
import { basePathOf } from './http/base-path.ts';
import { sendError } from './http/handle-errors.ts';
import { MAX_BODY_BYTES } from './http/json-body.ts';
import { newApp } from './http/new-app.ts';
import { securityHeaders } from './http/security-headers.ts';
import { refuseUnknownQueries } from './http/unknown-queries.ts';
import { takeIdempotencyKeys } from './idempotency/idempotency.ts';
import { idempotencyInternalRoutes } from './idempotency/internal-routes.ts';
import { identityProviderRoutes } from './identity-providers/routes.ts';
import { callbackUrlOf, signInRoutes } from './identity-providers/sign-in-routes.ts';
import { interventionRoutes } from './interventions/routes.ts';
import { keyRoutes } from './keys/routes.ts';
import { killInternalRoutes } from './kills/internal-routes.ts';
import { killRoutes } from './kills/routes.ts';
import { timelineRoutes } from './kills/timeline-routes.ts';
import { lineRoutes } from './line/routes.ts';
import { measurementInternalRoutes } from './measurements/internal-routes.ts';
import { measurementRoutes } from './measurements/routes.ts';
import { measureRequests, metricsRoutes } from './metrics/routes.ts';
import { migrationPlanRoutes } from './migration-plans/routes.ts';
import { ofrepRoutes } from './ofrep/routes.ts';
import { passwordRoutes } from './passwords/routes.ts';
import { pollingRoutes } from './polling/routes.ts';
import { presenceInternalRoutes } from './presence/internal-routes.ts';
import { presenceRoutes } from './presence/routes.ts';
import { projectRoutes } from './projects/routes.ts';
import { dataSourceRoutes } from './prometheus/routes.ts';
import { promotionRoutes } from './promotions/routes.ts';
import { rampRoutes } from './ramps/routes.ts';
import { receiptInternalRoutes } from './receipts/internal-routes.ts';
import { RECEIPT_LIMITS, type ReceiptLimits } from './receipts/limits.ts';
import { receiptRoutes } from './receipts/routes.ts';
import { releaseHookRoutes } from './release-hooks/routes.ts';
import { releaseRoutes } from './releases/routes.ts';
import { releaseTemplateRoutes } from './releases/templates/routes.ts';
import { revertRoutes } from './reverts/routes.ts';
import { roleRoutes } from './roles/routes.ts';
import { safeguardRoutes } from './safeguards/routes.ts';
import { verdictRoutes } from './safeguards/verdict-routes.ts';
import { scheduleRoutes } from './schedules/routes.ts';
import { SCHEMAS } from './schemas.ts';
import { SCIM_PREFIX, scimRoutes } from './scim/routes.ts';
import { sendScimError } from './scim/scim-error.ts';
import { secondFactorRoutes } from './second-factors/routes.ts';
import { segmentKeyRoutes } from './segments/keys-routes.ts';
import { segmentRoutes } from './segments/routes.ts';
import { serviceAccountRoutes } from './service-accounts/routes.ts';
import { openServices, type Services } from './services.ts';
import { sessionRoutes } from './sessions/routes.ts';
import { setupRoutes } from './setup/routes.ts';
import { signInPolicyRoutes } from './sign-in-policy/routes.ts';
import { inboxRoute } from './signals/inbox-route.ts';
import { signalSourceRoutes } from './signals/routes.ts';
import { signalRoutes } from './signals/signal-routes.ts';
import type { StreamLimits } from './stream/limits.ts';
import { streamRoutes } from './stream/routes.ts';
import { tokenRoutes } from './tokens/routes.ts';
import { trafficRoutes } from './traffic/routes.ts';
import { serveUi } from './ui/ui.ts';
import { userRoutes } from './users/routes.ts';
import { VERSION } from './version.ts';
import { flagViewRoutes } from './views/routes.ts';
import { webhookRoutes } from './webhooks/routes.ts';
import { type OpenStream, openStream } from './workers/open-stream.ts';

declare module 'fastify' {
  interface FastifyInstance {
    bunting: Services;
  }
}

/** What tests and tools may replace. Production passes none of it. */
export interface AppOverrides {
  /** Milliseconds since 1970, UTC. */
  readonly now?: () => number;
  /** Where the log goes instead of stdout. */
  readonly logStream?: { write(line: string): void };
  /**
   * True: an answer that its schema does not describe becomes an error. Not in production, where an answer is worth
   * more than its documentation.
   */
  readonly checkResponses?: boolean;
  readonly streamLimits?: Partial<StreamLimits>;
  readonly receiptLimits?: Partial<ReceiptLimits>;
}

const API_PREFIX = '/api/v1';
/** For the servers of the installation among themselves. */
const INTERNAL_PREFIX = '/internal/v1';

/** Builds the whole server, ready to listen: database open, rulesets in memory. `close()` drains it. */
export async function buildApp(config: Config, overrides: AppOverrides = {}): Promise<FastifyInstance> {
  const { now = Date.now, logStream, checkResponses = false, streamLimits, receiptLimits } = overrides;
  const app = newApp(config, { schemas: SCHEMAS, logStream, checkResponses });
  const services = await openServices(config, app.log, now, streamLimits, { ...RECEIPT_LIMITS, ...receiptLimits });
  app.decorate('bunting', services);
  const { rulesets, keyRing: keys, metrics, stream, polling } = services;
  const { limits } = polling;
  const { log } = app;
  const sockets = await openStream(app, { count: config.workers, stream, rulesets, keys, metrics, limits, log });
  app.addHook('onListen', async () => {
    const { cluster, kills } = services;
    const url = internalUrlOf(config.internalUrl, config.host, app.server.address() as AddressInfo);
    services.fireDrills.listenAt(url);
    // Whether or not the database answers, the server is listening.
    void cluster.join(url).then(() => kills.askPeers());
  });
  drainOnClose(app, services, sockets);

  measureRequests(app, metrics);
  await app.register(cookie);
  await securityHeaders(app, { isHttps: config.publicUrl?.startsWith('https:') ?? false });
  await openApi(app, { version: VERSION });

  await app.register(
    async (api: App) => {
      const { sessions, keyRing: keys, book, tokenUse, rates } = services;
      guard(api, { sessions, keys, book, tokenUse, rates, publicUrl: config.publicUrl });
      refuseUnknownQueries(api);
      takeIdempotencyKeys(api, { database: services.database, underWay: services.underWay, now });
      setupRoutes(api, services.setup);
      sessionRoutes(api, services.sessions, services.credentials, services.factors, services.policies);
      secondFactorRoutes(api, services.factors, services.credentials);
      signInPolicyRoutes(api, services.policies);
      identityProviderRoutes(api, services.identityProviders, (key, request) =>
        callbackUrlOf(config.publicUrl, key, request),
      );
      signInRoutes(api, { ...services, providers: services.identityProviders, publicUrl: config.publicUrl });
      passwordRoutes(api, services.passwords);
      accessRoutes(api);
      userRoutes(api, services.users);
      groupRoutes(api, services.groups);
      serviceAccountRoutes(api, services.serviceAccounts);
      tokenRoutes(api, services.tokens);
      roleRoutes(api, services.roles);
      grantRoutes(api, services.grants);
      projectRoutes(api, services.projects);
      environmentRoutes(api, services.environments);
      flagRoutes(api, services.flags, services.targeting, services.kills);
      commentRoutes(api, services.comments);
      flagViewRoutes(api, services.flagViews);
      presenceRoutes(api, services.presence);
      dependencyRoutes(api, services.dependencies);
      promotionRoutes(api, services.promotions);
      changeRequestRoutes(api, services.changeRequests, services.changeApplier);
      reviewRoutes(api, services.changeReviews);
      scheduleRoutes(api, services.schedules);
      freezeRoutes(api, services.freezes);
      rampRoutes(api, services.ramps);
      releaseRoutes(api, services.releases);
      releaseTemplateRoutes(api, services.releaseTemplates);
      gateRoutes(api, services.judging.gateViews, services.judging.trials);
      migrationPlanRoutes(api, services.planViews, services.planEditor, services.migrationPlans);
      releaseHookRoutes(api, services.releaseHooks);
      trafficRoutes(api, services.trafficEditor);
      decisionLogRoutes(api, { database: services.database, releases: services.releases, now });
      lineRoutes(api, services.line);
      killRoutes(api, services.kills);
      timelineRoutes(api, services.timelines);
      fireDrillRoutes(api, services.fireDrills);
      segmentRoutes(api, services.segments);
      await segmentKeyRoutes(api, services.segmentKeys);
      keyRoutes(api, services.keys);
      contextProofRoutes(api, services.contextProofs);
      receiptRoutes(api, services);
      samplingRoutes(api, services.sampling);
      contextRoutes(api, services.contextViews, services.previews);
      measurementRoutes(api, services.measurementViews);
      exposureRoutes(api, services.exposureViews);
      dataSourceRoutes(api, services.dataSources);
      safeguardRoutes(api, services.guards.safeguards, services.guards.coverage);
      verdictRoutes(api, services.guards.verdicts);
      auditRoutes(api, services.audit, services.checkpointer);
      webhookRoutes(api, services.webhooks);
      signalSourceRoutes(api, services.signalSources, config.publicUrl);
      signalRoutes(api, services.signals);
      bindingRoutes(api, services.bindingEditor, services.bindingSamples);
      interventionRoutes(api, services.interventionHistory);
      historyRoutes(api, services.history);
      revertRoutes(api, services.reverts);
    },
    { prefix: API_PREFIX },
  );
  await app.register(
    async (scim: App) => {
      const { sessions, keyRing: keys, book, tokenUse, rates, database, changes, users } = services;
      const { publicUrl } = config;
      guard(scim, { sessions, keys, book, tokenUse, rates, publicUrl });
      scimRoutes(scim, { database, changes, sessions, book, users, publicUrl });
    },
    { prefix: SCIM_PREFIX },
  );
  await app.register(
    async (internal: App) => {
      guardInternal(internal, services.cluster);
      clusterInternalRoutes(internal, services.cluster);
      idempotencyInternalRoutes(internal, services.underWay);
      killInternalRoutes(internal, services.kills);
      receiptInternalRoutes(internal, services.receipts, services.rulesets);
      presenceInternalRoutes(internal, services.presence);
      measurementInternalRoutes(internal, services.measurements);
      exposureInternalRoutes(internal, services.exposures);
    },
    { prefix: INTERNAL_PREFIX },
  );
  healthRoutes(app, services.readiness);
  metricsRoutes(app, () => sockets.metrics());
  streamRoutes(app);
  await pollingRoutes(app, services.polling);
  await ofrepRoutes(app, services.ofrep);
  await inboxRoute(app, services.inbox, now);
  const ui = await serveUi(app, config.uiDir, basePathOf(config.publicUrl));
  app.setNotFoundHandler((request, reply) => {
    const isApi = /^\/(api|internal|scim)\//.test(request.url);
    if (!isApi && ui.answerPage(request, reply)) return reply;
    const error = new ApiError(
      'not_found',
      `There is nothing at ${request.method} ${request.url.split('?', 1)[0]}. The API is described at /docs.`,
    );
    const isScim = request.url.startsWith('/scim/');
    return isScim ? sendScimError(error, reply, MAX_BODY_BYTES) : sendError(request, reply, error);
  });
  return app as unknown as FastifyInstance;
}

/** Closing tells sockets to go elsewhere, lets requests finish, and closes the database last. */
function drainOnClose(app: App, services: Services, sockets: OpenStream): void {
  let sweep: NodeJS.Timeout;
  app.addHook('preClose', async () => {
    services.readiness.drain();
    services.eventStreams.close();
    services.presence.close();
    await sockets.close();
    services.receipts.close();
    // A connection that answers its last request now would idle until its keep-alive ends, and hold the close up.
    sweep = setInterval(() => app.server.closeIdleConnections(), 50);
  });
  app.addHook('onClose', async () => {
    clearInterval(sweep);
    await closeServices(services);
    services.metrics.registry.clear();
  });
}

/** Side by side what can be: of a database that hangs each waits for an answer of its own. */
async function closeServices(services: Services): Promise<void> {
  const { releaseEngine, judging, kills, timelines } = services;
  // What acts by itself.
  await Promise.all([
    services.scheduleRunner.close(),
    services.fireDrillRunner.close(),
    releaseEngine.close().then(() => judging.close()),
    services.migrationEngine.close(),
    services.guards.close(),
  ]);
  await services.changes.settle();
  services.book.close();
  services.contextSettings.close();
  services.contextProofs.close();
  services.sourceBook.close();
  services.bindings.close();
  services.bindingBook.close();
  // What is in memory, and goes into the database.
  await Promise.all([
    services.checkpointer.close(),
    services.retention.close(),
    services.dispatcher.close(),
    services.follower?.close(),
    services.contexts.close(),
    services.keptSignals.close(),
    kills.close().then(() => timelines.close()),
    services.outcomeLog.close(),
    services.cluster.close(),
  ]);
  await services.journal.close();
  await services.database.destroy();
}
