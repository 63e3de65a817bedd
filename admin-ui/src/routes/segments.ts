import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { segmentQuery } from '../api/segments.ts';
import { graphSearch, segmentsSearch } from '../searches.ts';
import { orNotFound } from './or-not-found.ts';
import { project } from './project.ts';

const segments = createRoute({
  getParentRoute: () => project,
  path: 'segments',
  validateSearch: segmentsSearch,
  component: lazyRouteComponent(() => import('../pages/segments/segments-page.tsx'), 'SegmentsPage'),
});

const segment = createRoute({
  getParentRoute: () => project,
  path: 'environments/$environment/segments/$segment',
  loader: ({ context: { client }, params }) => orNotFound(client.ensureQueryData(segmentQuery(params))),
  component: lazyRouteComponent(() => import('../pages/segment/segment-page.tsx'), 'SegmentPage'),
});

const graph = createRoute({
  getParentRoute: () => project,
  path: 'graph',
  validateSearch: graphSearch,
  component: lazyRouteComponent(() => import('../pages/graph/graph-page.tsx'), 'GraphPage'),
});

/** Segments of each environment, and what depends on them and on flags. */
export const segmentRoutes = [segments, segment, graph] as const;
