import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from '@bunting/node';
import { Counter, Registry } from 'prom-client';
import { answer } from './remote.ts';

/**
 * An application that serves requests by a flag and counts them by the variant that served each, for Prometheus to read:
 * what `deploy/prometheus/application.rules.yml` expects. Its new side can be broken.
 */

export interface MeasuredAppPlan {
  readonly url: string;
  readonly sdkKey: string;
  /** Boolean; its variants are on and off. */
  readonly flag: string;
  readonly requestsPerSecond: number;
}

const EVERY_MS = 10;

const registry = new Registry();
const requests = new Counter({
  name: 'http_requests_total',
  help: 'Requests by flag, variant and status',
  labelNames: ['flag', 'variant', 'code'],
  registers: [registry],
});

let failing = 0;
let firstFailureMs: number | undefined;
let failures = 0;

const calls = {
  /** @returns the port of /metrics */
  async start({ url, sdkKey, flag, requestsPerSecond }: MeasuredAppPlan): Promise<number> {
    const sdk = connect({ url, sdkKey, app: 'measured-app', logger: {} });
    await sdk.ready({ timeoutMs: 20_000 });
    for (const variant of ['on', 'off']) for (const code of ['200', '500']) requests.inc({ flag, variant, code }, 0);
    let owed = 0;
    let lastMs = performance.now();
    let visitor = 0;
    setInterval(() => {
      const nowMs = performance.now();
      for (owed += ((nowMs - lastMs) / 1000) * requestsPerSecond; owed >= 1; owed--) {
        const { variant = 'off' } = sdk.getBooleanDetails(flag, false, { targetingKey: `visitor-${visitor++}` });
        const isFailing = variant === 'on' && Math.random() < failing;
        if (isFailing) {
          firstFailureMs ??= performance.timeOrigin + performance.now();
          failures++;
        }
        requests.inc({ flag, variant, code: isFailing ? '500' : '200' });
      }
      lastMs = nowMs;
    }, EVERY_MS);
    const server = createServer(async (_request, response) => {
      response.setHeader('content-type', registry.contentType).end(await registry.metrics());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  },

  /** From now on this part of the requests of the new side fail, from 0 to 1. */
  fail(part: number): void {
    failing = part;
    firstFailureMs = undefined;
    failures = 0;
  },

  /** When the first request failed, in ms since 1970, and how many have. */
  failed: (): { readonly firstMs: number | undefined; readonly count: number } => ({
    firstMs: firstFailureMs,
    count: failures,
  }),
};
export type MeasuredAppCalls = typeof calls;

answer(calls);
