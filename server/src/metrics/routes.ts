import { Type } from '@sinclair/typebox';
import { Registry } from 'prom-client';
import type { App } from '../http/app-types.ts';
import type { Metrics } from './metrics.ts';

/** @param text what there is to tell, in the Prometheus text format */
export function metricsRoutes(app: App, text: () => Promise<string>): void {
  app.get(
    '/metrics',
    {
      logLevel: 'warn',
      schema: {
        operationId: 'getMetrics',
        tags: ['operation'],
        summary: 'Metrics in the Prometheus text format',
        response: { 200: { content: { 'text/plain': { schema: Type.String() } } } },
      },
    },
    async (_request, reply) => reply.type(Registry.PROMETHEUS_CONTENT_TYPE).send(await text()),
  );
}

/** Measures every request by its route pattern, so that labels stay few. */
export function measureRequests(app: App, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, status: String(reply.statusCode) };
    metrics.httpSeconds.observe(labels, reply.elapsedTime / 1000);
  });
}
