import type { FastifyBaseLogger } from 'fastify';
import type { Metrics } from '../metrics/metrics.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { EventStreams } from './event-stream.ts';
import { Installation } from './installation.ts';
import type { ReceiptLimits } from './limits.ts';
import { LiveReceipts } from './live-receipts.ts';
import { logBehind } from './log-behind.ts';
import { measureInstances } from './metrics.ts';
import type { Peers } from './peers.ts';
import { Receipts } from './receipts.ts';
import { ReceiptViews } from './service.ts';

interface ReceiptsOptions {
  readonly rulesets: Rulesets;
  readonly peers: Peers;
  readonly metrics: Metrics;
  readonly limits: ReceiptLimits;
  readonly log: FastifyBaseLogger;
}

/** Which instances run what: of this server, and of all. */
export function openReceipts({ rulesets, peers, metrics, limits, log }: ReceiptsOptions) {
  const receipts = new Receipts(rulesets, metrics, limits);
  measureInstances(metrics.registry, rulesets, receipts);
  logBehind(receipts, log);
  const installation = new Installation({ receipts, peers, unknownForMs: limits.unknownForMs });
  return {
    ...{ receipts, installation },
    receiptViews: new ReceiptViews({ rulesets, receipts, installation }),
    liveReceipts: new LiveReceipts(installation, receipts),
    eventStreams: new EventStreams(),
  };
}
