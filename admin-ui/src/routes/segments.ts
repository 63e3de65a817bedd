import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { segmentQuery } from '../api/segments.ts';
import { segmentsSearch } from '../searches.ts';
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

/** Segments of each environment. */
export const segmentRoutes = [segments, segment] as const;
