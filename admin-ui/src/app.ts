import type { QueryClient } from '@tanstack/react-query';
import type { RouterHistory } from '@tanstack/react-router';
import { isOutOfReach, isUnauthenticated } from './api/api-error.ts';
import { hearCalls } from './api/client.ts';
import { createQueryClient } from './api/query-client.ts';
import { sessionQuery } from './api/session.ts';
import { noteAnswer, noteSession, noteSilence } from './connection/standing.ts';
import { patterns, secondFactorPath, signInPath } from './paths.ts';
import { type AppRouter, createAppRouter } from './router.ts';

/**
 * The application without its page: what it knows and where it is. A session that ends while someone works is begun anew in
 * place, so that nothing that was typed is lost; elsewhere it leads to sign-in. One that lacks a second factor leads to
 * where it is set up.
 */
export function createApp(history?: RouterHistory): { client: QueryClient; router: AppRouter } {
  const client = createQueryClient();
  const router = createAppRouter(client, history);
  const isInProject = () => router.state.matches.some(({ fullPath }) => fullPath.startsWith(patterns.project));
  const onEnded = () => {
    if (!client.getQueryData(sessionQuery.queryKey)) return;
    if (isInProject()) return noteSession({ isEnded: true });
    client.setQueryData(sessionQuery.queryKey, null);
    const { pathname, href } = router.state.location;
    if (pathname !== patterns.signIn) void router.navigate(signInPath(href));
  };
  const onSecondFactorMissing = () => {
    client.setQueryData(sessionQuery.queryKey, (user) => user && { ...user, mustEnrol: true });
    if (router.state.location.pathname !== patterns.secondFactor) void router.navigate(secondFactorPath());
  };
  hearCalls((error) => {
    if (error !== undefined && isOutOfReach(error)) return noteSilence();
    // What is on the page may be from before the silence.
    if (noteAnswer()) void client.invalidateQueries();
    if (isUnauthenticated(error)) onEnded();
    if (error?.code === 'second_factor_missing') onSecondFactorMissing();
  });
  return { client, router };
}
