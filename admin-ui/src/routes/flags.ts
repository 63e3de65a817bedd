import { createRoute, lazyRouteComponent, notFound } from '@tanstack/react-router';
import { flagQuery, flagsQuery } from '../api/flags.ts';
import { FlagPageSkeleton } from '../pages/flag/flag-page-skeleton.tsx';
import { filterOf } from '../pages/flags/flag-filter.ts';
import {
  compareSearch,
  connectSearch,
  contextsSearch,
  flagSearch,
  flagsSearch,
  playgroundSearch,
} from '../searches.ts';
import { orNotFound } from './or-not-found.ts';
import { project } from './project.ts';

const flags = createRoute({
  getParentRoute: () => project,
  path: 'flags',
  validateSearch: flagsSearch,
  loaderDeps: ({ search }) => search,
  // Asked for, not waited for: the page is drawn meanwhile. What fails is asked for again by the list, which tells it.
  loader: ({ context: { client }, params, deps }) => {
    void client.prefetchInfiniteQuery(flagsQuery(params.project, filterOf(deps)));
  },
  component: lazyRouteComponent(() => import('../pages/flags/flags-page.tsx'), 'FlagsPage'),
});

const compare = createRoute({
  getParentRoute: () => project,
  path: 'compare',
  validateSearch: compareSearch,
  component: lazyRouteComponent(() => import('../pages/compare/compare-page.tsx'), 'ComparePage'),
});

const flag = createRoute({
  getParentRoute: () => project,
  path: 'flags/$flag',
  validateSearch: flagSearch,
  loader: ({ context: { client }, params }) =>
    orNotFound(client.ensureQueryData(flagQuery(params.project, params.flag))),
  pendingComponent: FlagPageSkeleton,
  component: lazyRouteComponent(() => import('../pages/flag/flag-page.tsx'), 'FlagPage'),
});

const connect = createRoute({
  getParentRoute: () => project,
  path: 'connect',
  validateSearch: connectSearch,
  loaderDeps: ({ search: { flag } }) => ({ flag }),
  loader: async ({ context: { client }, params, deps }) => {
    if (deps.flag !== undefined) await orNotFound(client.ensureQueryData(flagQuery(params.project, deps.flag)));
  },
  // Nothing takes the place of a secret that is shown once.
  pendingMs: Number.POSITIVE_INFINITY,
  component: lazyRouteComponent(() => import('../pages/connect/connect-page.tsx'), 'ConnectPage'),
});

const targeting = createRoute({
  getParentRoute: () => project,
  path: 'flags/$flag/environments/$environment',
  loader: async ({ context: { client }, params }) => {
    const flag = await orNotFound(client.ensureQueryData(flagQuery(params.project, params.flag)));
    if (!flag.environments[params.environment]) throw notFound();
  },
  pendingComponent: FlagPageSkeleton,
  component: lazyRouteComponent(() => import('../pages/targeting/targeting-page.tsx'), 'TargetingPage'),
});

const playground = createRoute({
  getParentRoute: () => project,
  path: 'playground',
  validateSearch: playgroundSearch,
  component: lazyRouteComponent(() => import('../pages/playground/playground-page.tsx'), 'PlaygroundPage'),
});

const contexts = createRoute({
  getParentRoute: () => project,
  path: 'contexts',
  validateSearch: contextsSearch,
  component: lazyRouteComponent(() => import('../pages/contexts/contexts-page.tsx'), 'ContextsPage'),
});

/** Flags, one beside another, and what they answer. */
export const flagRoutes = [flags, compare, connect, flag, targeting, playground, contexts] as const;
