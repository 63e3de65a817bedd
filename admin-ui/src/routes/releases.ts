import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { releaseQuery } from '../api/releases.ts';
import { newReleaseSearch, releasesSearch } from '../searches.ts';
import { orNotFound } from './or-not-found.ts';
import { project } from './project.ts';

const releases = createRoute({
  getParentRoute: () => project,
  path: 'releases',
  validateSearch: releasesSearch,
  component: lazyRouteComponent(() => import('../pages/releases/releases-page.tsx'), 'ReleasesPage'),
});

const newRelease = createRoute({
  getParentRoute: () => project,
  path: 'releases/new',
  validateSearch: newReleaseSearch,
  component: lazyRouteComponent(() => import('../pages/new-release/new-release-page.tsx'), 'NewReleasePage'),
});

const release = createRoute({
  getParentRoute: () => project,
  path: 'releases/$release',
  loader: ({ context: { client }, params }) =>
    orNotFound(client.ensureQueryData(releaseQuery(params.project, params.release))),
  component: lazyRouteComponent(() => import('../pages/release/release-page.tsx'), 'ReleasePage'),
});

/** Releases, and what they are made of. */
export const releaseRoutes = [releases, newRelease, release] as const;
