import type { QueryClient } from '@tanstack/react-query';
import type { RouterHistory } from '@tanstack/react-router';
import { createQueryClient } from './api/query-client.ts';
import { sessionQuery } from './api/session.ts';
import { patterns, signInPath } from './paths.ts';
import { type AppRouter, createAppRouter } from './routes.tsx';

/** The application without its page: what it knows and where it is. A session that ends anywhere leads to sign-in. */
export function createApp(history?: RouterHistory): { client: QueryClient; router: AppRouter } {
  const client = createQueryClient(() => {
    client.setQueryData(sessionQuery.queryKey, null);
    const { pathname, href } = router.state.location;
    if (pathname !== patterns.signIn) void router.navigate(signInPath(href));
  });
  const router = createAppRouter(client, history);
  return { client, router };
}
