import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../config/config.ts';
import type { ContextRecorder } from '../contexts/recorder.ts';
import type { CompiledRulesets } from '../evaluate/compiled-rulesets.ts';
import { RequestLimits } from '../evaluate/request-limits.ts';
import { basePathOf } from '../http/base-path.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { ChangeSignal } from '../ofrep/change-signal.ts';
import type { OfrepDependencies } from '../ofrep/routes.ts';
import type { PollingDependencies } from '../polling/routes.ts';
import type { EventStreams } from '../receipts/event-stream.ts';
import type { Receipts } from '../receipts/receipts.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { type StreamLimits, streamLimitsOf } from './limits.ts';
import { Stream } from './stream.ts';

interface DeliveryOptions {
  readonly rulesets: Rulesets;
  readonly compiled: CompiledRulesets;
  readonly keyRing: KeyRing;
  readonly receipts: Receipts;
  readonly telemetry: Telemetry;
  readonly contexts: ContextRecorder;
  readonly eventStreams: EventStreams;
  readonly metrics: Metrics;
  readonly config: Config;
  readonly streamLimits: Partial<StreamLimits>;
  /** How long ago what is served was known to be what the database has; 0 while that answers. */
  readonly dataAgeMs: () => number;
  /** How long ago releases were looked after. */
  readonly vouchAgeMs: () => number;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

/** The three ways by which what is served leaves the server: sockets, polling, and OpenFeature's protocol. */
export function openDelivery(options: DeliveryOptions) {
  const { rulesets, compiled, keyRing: keys, receipts, telemetry, contexts, metrics, config, log, now } = options;
  const requests = new RequestLimits(config);
  const limits = { ...streamLimitsOf(config), ...options.streamLimits };
  const { dataAgeMs, vouchAgeMs } = options;
  const origin = { nowMs: now, dataAgeMs, vouchAgeMs };
  const polling: PollingDependencies = {
    ...{ rulesets, compiled, keys, receipts, telemetry, contexts, metrics, log, origin, limits, requests },
  };
  const ofrep: OfrepDependencies = {
    ...{ rulesets, compiled, keys, telemetry, contexts, origin, requests, streams: options.eventStreams },
    signal: new ChangeSignal(rulesets),
    basePath: basePathOf(config.publicUrl),
  };
  const stream = new Stream({ rulesets, compiled, keys, receipts, telemetry, contexts, metrics, log, origin }, limits);
  return { polling, ofrep, stream };
}
