import type { App } from '../http/app-types.ts';
import type { ExposureCounts } from './exposure-counts.ts';
import { type PeerExposures, PeerQuery } from './peer-exposures.ts';

/** What SDKs told this server, for the other servers. */
export function exposureInternalRoutes(app: App, counts: ExposureCounts): void {
  app.get(
    '/exposures',
    { logLevel: 'warn', schema: { hide: true, querystring: PeerQuery } },
    async ({ query: { environment, flag, span } }): Promise<PeerExposures> => ({
      sinceMs: counts.sinceMs,
      series: counts.read({ environmentId: environment, flag }, span),
    }),
  );
}
