import type { QueryClient } from '@tanstack/react-query';
import type { RouterHistory } from '@tanstack/react-router';
import { createQueryClient } from './api/query-client.ts';
import { sessionQuery } from './api/session.ts';
import { patterns, secondFactorPath, signInPath } from './paths.ts';
import { type AppRouter, createAppRouter } from './router.ts';

/**
 * The application without its page: what it knows and where it is. A session that ends anywhere leads to sign-in, one that
 * lacks a second factor to where it is set up.
 */
export function createApp(history?: RouterHistory): { client: QueryClient; router: AppRouter } {
  const client = createQueryClient({
    onUnauthenticated: () => {
      client.setQueryData(sessionQuery.queryKey, null);
      const { pathname, href } = router.state.location;
      if (pathname !== patterns.signIn) void router.navigate(signInPath(href));
    },
    onSecondFactorMissing: () => {
      client.setQueryData(sessionQuery.queryKey, (user) => user && { ...user, mustEnrol: true });
      if (router.state.location.pathname !== patterns.secondFactor) void router.navigate(secondFactorPath());
    },
  });
  const router = createAppRouter(client, history);
  return { client, router };
}
