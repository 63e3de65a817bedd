import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import * as z from 'zod/mini';
import { releaseQuery } from '../api/releases.ts';
import { phases } from '../releases/phase.ts';
import { orNotFound } from './or-not-found.ts';
import { project } from './project.ts';

const releases = createRoute({
  getParentRoute: () => project,
  path: 'releases',
  validateSearch: z.object({
    environment: z.catch(z.optional(z.string()), undefined),
    phase: z.catch(z.optional(z.enum(phases)), undefined),
  }),
  component: lazyRouteComponent(() => import('../pages/releases/releases-page.tsx'), 'ReleasesPage'),
});

const newRelease = createRoute({
  getParentRoute: () => project,
  path: 'releases/new',
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
