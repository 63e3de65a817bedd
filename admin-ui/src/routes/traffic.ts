import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { trafficTargetQuery } from '../api/traffic.ts';
import { inEnvironmentSearch } from '../searches.ts';
import { orNotFound } from './or-not-found.ts';
import { project } from './project.ts';

const trafficTargets = createRoute({
  getParentRoute: () => project,
  path: 'traffic-targets',
  validateSearch: inEnvironmentSearch,
  component: lazyRouteComponent(
    () => import('../pages/traffic-targets/traffic-targets-page.tsx'),
    'TrafficTargetsPage',
  ),
});

const trafficTarget = createRoute({
  getParentRoute: () => project,
  path: 'environments/$environment/traffic-targets/$target',
  loader: ({ context: { client }, params }) => orNotFound(client.ensureQueryData(trafficTargetQuery(params))),
  component: lazyRouteComponent(() => import('../pages/traffic-target/traffic-target-page.tsx'), 'TrafficTargetPage'),
});

/** What divides requests in each environment. */
export const trafficRoutes = [trafficTargets, trafficTarget] as const;
