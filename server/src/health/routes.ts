import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import type { Readiness } from './readiness.ts';
import { HealthSchema, ReadinessSchema } from './schemas.ts';

const tags = ['operation'];

export function healthRoutes(app: App, readiness: Readiness): void {
  app.get(
    '/healthz',
    {
      logLevel: 'warn',
      schema: {
        operationId: 'getHealth',
        tags,
        summary: 'Whether the process is alive',
        response: { 200: refTo(HealthSchema) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      logLevel: 'warn',
      schema: {
        operationId: 'getReadiness',
        tags,
        summary: 'Whether traffic should come here',
        description: 'degraded (200): the database fails, flags are served from memory. draining (503): shutting down.',
        response: { 200: refTo(ReadinessSchema), 503: refTo(ReadinessSchema) },
      },
    },
    async (_request, reply) => {
      const state = await readiness.check();
      return reply.code(state.status === 'draining' ? 503 : 200).send(state);
    },
  );
}
