import type { QueryClient } from '@tanstack/react-query';
import { createRouter, type RouterHistory } from '@tanstack/react-router';
import { basePath } from './base.ts';
import { FailedPage } from './pages/layout/failed-page.tsx';
import { NotFoundPage } from './pages/layout/not-found-page.tsx';
import { PendingPage } from './pages/layout/pending-page.tsx';
import { changeRoutes } from './routes/changes.ts';
import { flagRoutes } from './routes/flags.ts';
import { migrationPlanRoutes } from './routes/migration-plans.ts';
import { onCallRoutes } from './routes/on-call.ts';
import { peopleRoutes } from './routes/people.ts';
import { project, projectHome } from './routes/project.ts';
import { releaseRoutes } from './routes/releases.ts';
import { root } from './routes/root.ts';
import { safeguardRoutes } from './routes/safeguards.ts';
import { segmentRoutes } from './routes/segments.ts';
import { settingRoutes } from './routes/settings.ts';
import { trafficRoutes } from './routes/traffic.ts';
import { wayIn } from './routes/way-in.ts';

/*
 * The map of the application: `routes` has a file for each of its areas. Addresses come from paths.ts; each route says
 * what it needs before it is shown and which page it shows; a page's code comes when it is first led to. What is wrong in
 * an address's search is dropped, never an error.
 */
const routeTree = root.addChildren([
  ...wayIn,
  project.addChildren([
    projectHome,
    ...flagRoutes,
    ...segmentRoutes,
    ...releaseRoutes,
    ...trafficRoutes,
    ...migrationPlanRoutes,
    ...onCallRoutes,
    ...safeguardRoutes,
    ...changeRoutes,
    ...peopleRoutes,
    ...settingRoutes,
  ]),
]);

/** @param history where the address is kept; the browser's own unless given */
export function createAppRouter(client: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree,
    basepath: basePath === '' ? '/' : basePath,
    // With a history of its own there may be no window; that does not make it a server that renders pages.
    ...(history ? { history, isServer: false, origin: 'http://localhost' } : { scrollRestoration: true }),
    context: { client },
    // Another flag, environment or project is another page: nothing that was typed or asked on one is carried to the next.
    defaultRemountDeps: ({ params }) => params,
    defaultPreload: 'intent',
    // The query cache decides what is fresh.
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 400,
    defaultPendingMinMs: 300,
    defaultPendingComponent: PendingPage,
    defaultErrorComponent: FailedPage,
    defaultNotFoundComponent: NotFoundPage,
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
