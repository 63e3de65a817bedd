import { Type } from '@sinclair/typebox';
import type { App } from '../http/app-types.ts';
import type { Cluster } from './cluster.ts';

/** Where servers tell each other that they are in the register now, below `/internal/v1`. */
export const SERVERS_PATH = '/servers';

export function clusterInternalRoutes(app: App, cluster: Pick<Cluster, 'renew'>): void {
  app.post(SERVERS_PATH, { schema: { hide: true, body: Type.Object({}) } }, async () => {
    await cluster.renew();
    return {};
  });
}
