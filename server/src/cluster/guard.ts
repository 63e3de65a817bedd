import { isSameSecret } from '../access/secrets.ts';
import { ApiError } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import type { Cluster } from './cluster.ts';

/** Makes a scope one for the servers of the installation alone: they know its token. */
export function guardInternal(app: App, cluster: Pick<Cluster, 'token'>): void {
  app.addHook('onRequest', async ({ headers }) => {
    const [scheme, presented = ''] = headers.authorization?.split(' ', 2) ?? [];
    const { token } = cluster;
    if (token !== undefined && scheme?.toLowerCase() === 'bearer' && isSameSecret(presented, token)) return;
    throw new ApiError('unauthenticated', 'This is for the servers of this installation only. Use /api/v1.');
  });
}
