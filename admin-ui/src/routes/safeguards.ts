import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { safeguardQuery, verdictQuery } from '../api/safeguards.ts';
import { dataSourcesSearch, safeguardSearch, safeguardsSearch } from '../searches.ts';
import { orNotFound } from './or-not-found.ts';
import { project } from './project.ts';

const safeguards = createRoute({
  getParentRoute: () => project,
  path: 'safeguards',
  validateSearch: safeguardsSearch,
  component: lazyRouteComponent(() => import('../pages/safeguards/safeguards-page.tsx'), 'SafeguardsPage'),
});

const safeguard = createRoute({
  getParentRoute: () => project,
  path: 'environments/$environment/safeguards/$safeguard',
  validateSearch: safeguardSearch,
  loader: ({ context: { client }, params: { safeguard, ...place } }) =>
    orNotFound(client.ensureQueryData(safeguardQuery(place, safeguard))),
  component: lazyRouteComponent(() => import('../pages/safeguard/safeguard-page.tsx'), 'SafeguardPage'),
});

const verdict = createRoute({
  getParentRoute: () => project,
  path: 'environments/$environment/verdicts/$verdict',
  loader: ({ context: { client }, params: { verdict, ...place } }) =>
    orNotFound(client.ensureQueryData(verdictQuery(place, verdict))),
  component: lazyRouteComponent(() => import('../pages/verdict/verdict-page.tsx'), 'VerdictPage'),
});

const dataSources = createRoute({
  getParentRoute: () => project,
  path: 'data-sources',
  validateSearch: dataSourcesSearch,
  component: lazyRouteComponent(() => import('../pages/data-sources/data-sources-page.tsx'), 'DataSourcesPage'),
});

/** What watches by itself, what it found, and what it reads. */
export const safeguardRoutes = [safeguards, safeguard, verdict, dataSources] as const;
