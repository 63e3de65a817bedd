import type { FastifyInstance } from 'fastify';
import type { AppOverrides } from '../app.ts';
import type { RelayConfig } from '../config/relay-config.ts';
import { RevisionSchema } from '../environments/schemas.ts';
import { CompiledRulesets } from '../evaluate/compiled-rulesets.ts';
import { RequestLimits } from '../evaluate/request-limits.ts';
import { ApiError } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import { ErrorBody } from '../http/error-schema.ts';
import { sendError } from '../http/handle-errors.ts';
import { newApp } from '../http/new-app.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { Metrics } from '../metrics/metrics.ts';
import { measureRequests, metricsRoutes } from '../metrics/routes.ts';
import { ChangeSignal } from '../ofrep/change-signal.ts';
import { ofrepRoutes } from '../ofrep/routes.ts';
import { pollingRoutes } from '../polling/routes.ts';
import { EventStreams } from '../receipts/event-stream.ts';
import { streamLimitsOf } from '../stream/limits.ts';
import { streamRoutes } from '../stream/routes.ts';
import { Stream } from '../stream/stream.ts';
import { STREAM_PATH } from '../stream/upgrade.ts';
import { openStream } from '../workers/open-stream.ts';
import type { LinkTiming } from './link-timing.ts';
import { measureRelay } from './metrics.ts';
import { readinessOf } from './readiness.ts';
import { Relay } from './relay.ts';
import { relayHealthRoutes } from './routes.ts';

declare module 'fastify' {
  interface FastifyInstance {
    relay: Relay;
  }
}

/** What tests may replace. Production passes none of it. */
export interface RelayOverrides extends Pick<AppOverrides, 'logStream' | 'checkResponses' | 'streamLimits'> {
  readonly linkTiming?: Partial<LinkTiming>;
}

/** Of the API's, what a relay's routes refer to. */
const SCHEMAS = [ErrorBody, RevisionSchema];

/** Builds a relay, ready to listen: it serves last-known-good already, and has begun to call its upstream. */
export async function buildRelay(config: RelayConfig, overrides: RelayOverrides = {}): Promise<FastifyInstance> {
  const { logStream, checkResponses = false, streamLimits, linkTiming = {} } = overrides;
  const app = newApp(config, { schemas: SCHEMAS, logStream, checkResponses });
  const { log } = app;
  const relay = new Relay({ url: streamUrl(config.upstream), cacheFolder: config.dataDir, log, timing: linkTiming });
  const { rulesets, keys, origin } = relay;
  const metrics = new Metrics(rulesets);
  measureRelay(metrics, relay);
  const limits = { ...streamLimitsOf(config), ...streamLimits };
  const requests = new RequestLimits(config);
  const compiled = new CompiledRulesets(rulesets, origin.nowMs);
  const streams = new EventStreams();
  const served = {
    rulesets,
    keys,
    receipts: relay,
    telemetry: relay,
    contexts: relay.contexts,
    compiled,
    requests,
    origin,
    metrics,
    log,
  };
  const stream = new Stream(served, limits);
  let isDraining = false;
  let sweep: NodeJS.Timeout;
  app.decorate('relay', relay);
  measureRequests(app, metrics);
  // Whether https is in front is not known here.
  await securityHeaders(app, { isHttps: false });
  relayHealthRoutes(app, () => readinessOf(relay, isDraining));
  metricsRoutes(app, () => sockets.metrics());
  streamRoutes(app);
  await pollingRoutes(app, { ...served, limits });
  await ofrepRoutes(app, { ...served, signal: new ChangeSignal(rulesets), streams });
  answerNotFound(app);
  app.addHook('preClose', async () => {
    isDraining = true;
    streams.close();
    await sockets.close();
    // A connection that answers its last request now would idle until its keep-alive ends, and hold the close up.
    sweep = setInterval(() => app.server.closeIdleConnections(), 50);
  });
  app.addHook('onClose', async () => {
    clearInterval(sweep);
    await relay.close();
    metrics.registry.clear();
  });
  for (const key of config.keys) relay.follow(key);
  const sockets = await openStream(app, { ...served, count: config.workers, stream, limits });
  return app as unknown as FastifyInstance;
}

/** The address of the stream of the server at `url`. */
function streamUrl(url: string): string {
  return `${url.replace(/^http/, 'ws')}${STREAM_PATH}`;
}

function answerNotFound(app: App): void {
  app.setNotFoundHandler((request, reply) => {
    const where = `${request.method} ${request.url.split('?', 1)[0]}`;
    return sendError(
      request,
      reply,
      new ApiError('not_found', `There is nothing at ${where}. This is a relay: it has no API.`),
    );
  });
}
