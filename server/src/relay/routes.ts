import { HealthSchema } from '../health/schemas.ts';
import type { App } from '../http/app-types.ts';
import { type RelayReadiness, RelayReadinessSchema } from './readiness.ts';

export function relayHealthRoutes(app: App, readiness: () => RelayReadiness): void {
  app.get('/healthz', { logLevel: 'warn', schema: { response: { 200: HealthSchema } } }, async () => {
    return { status: 'ok' as const };
  });

  app.get(
    '/readyz',
    { logLevel: 'warn', schema: { response: { 200: RelayReadinessSchema, 503: RelayReadinessSchema } } },
    async (_request, reply) => {
      const state = readiness();
      return reply.code(state.status === 'starting' || state.status === 'draining' ? 503 : 200).send(state);
    },
  );
}
