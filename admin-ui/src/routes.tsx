import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  type RouterHistory,
  redirect,
} from '@tanstack/react-router';
import * as z from 'zod/mini';
import { ApiError } from './api/api-error.ts';
import { auditEventQuery } from './api/audit.ts';
import { changeRequestQuery } from './api/change-requests.ts';
import { flagQuery } from './api/flags.ts';
import { projectQuery, projectsQuery } from './api/projects.ts';
import { releaseQuery } from './api/releases.ts';
import { scheduleQuery } from './api/schedules.ts';
import { secondFactorQuery } from './api/second-factor.ts';
import { segmentQuery } from './api/segments.ts';
import { sessionQuery, setupQuery, signInWaysQuery } from './api/session.ts';
import { webhookQuery } from './api/webhooks.ts';
import { basePath } from './base.ts';
import { FlagPageSkeleton } from './pages/flag/flag-page-skeleton.tsx';
import { FailedPage } from './pages/layout/failed-page.tsx';
import { NotFoundPage } from './pages/layout/not-found-page.tsx';
import { Shell } from './pages/layout/shell.tsx';
import { flagsPath, patterns, safeNext, secondFactorPath, setupPath, signInPath } from './paths.ts';
import { phases } from './releases/phase.ts';
import {
  approvalsSearch,
  auditSearch,
  peopleSearch,
  playgroundSearch,
  schedulesSearch,
  segmentsSearch,
} from './searches.ts';

/*
 * The map of the application. Addresses come from paths.ts; each route says what it needs before it is shown and
 * which page it shows; a page's code comes when it is first led to. What is wrong in an address's search is dropped, never an error.
 *
 *   /setup  /sign-in  /password  /second-factor
 *   /                                               -> the first project's flags
 *   /projects/$project                              the frame: sidebar, live receipts
 *       /flags                                      FlagsPage
 *       /flags/$flag                                FlagPage
 *       /compare                                    ComparePage
 *       /flags/$flag/environments/$environment      TargetingPage
 *       /releases  /releases/new  /releases/$release    ReleasesPage, NewReleasePage, ReleasePage
 *       /on-call                                    OnCallPage
 *       /fire-drills                                FireDrillsPage
 *       /signals                                    SignalsPage
 *       /segments  /environments/$environment/segments/$segment    SegmentsPage, SegmentPage
 *       /approvals  /approvals/$request             ApprovalsPage, ApprovalPage
 *       /schedules  /schedules/$schedule            SchedulesPage, SchedulePage
 *       /people  /people/$kind/$subject             PeoplePage, SubjectPage
 *       /playground                                 PlaygroundPage
 *       /account                                    AccountPage
 *       /webhooks  /webhooks/$webhook               WebhooksPage, WebhookPage
 *       /audit  /audit/$event                       AuditPage, AuditEventPage
 *       /environments/$environment/keys             KeysPage
 */
const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Outlet });

const setup = createRoute({
  getParentRoute: () => root,
  path: patterns.setup,
  validateSearch: z.object({ token: z.catch(z.optional(z.string()), undefined) }),
  loader: async ({ context: { client } }) => ({ required: await client.fetchQuery(setupQuery) }),
  component: lazyRouteComponent(() => import('./pages/setup/setup-page.tsx'), 'SetupPage'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: patterns.signIn,
  validateSearch: z.object({
    next: z.catch(z.optional(z.string()), undefined),
    problem: z.catch(z.optional(z.string()), undefined),
  }),
  beforeLoad: async ({ context: { client }, search }) => {
    if (await client.ensureQueryData(sessionQuery)) throw redirect({ href: safeNext(search.next) });
    if (await client.fetchQuery(setupQuery)) throw redirect(setupPath());
  },
  loader: ({ context: { client } }) => client.fetchQuery(signInWaysQuery),
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const password = createRoute({
  getParentRoute: () => root,
  path: patterns.password,
  validateSearch: z.object({ token: z.catch(z.optional(z.string()), undefined) }),
  component: lazyRouteComponent(() => import('./pages/password/password-page.tsx'), 'PasswordPage'),
});

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: patterns.secondFactor,
  beforeLoad: async ({ context: { client }, location }) => {
    if (!(await client.ensureQueryData(sessionQuery))) throw redirect(signInPath(location.href));
  },
  loader: ({ context: { client } }) => client.fetchQuery(secondFactorQuery),
  component: lazyRouteComponent(() => import('./pages/second-factor/second-factor-page.tsx'), 'SecondFactorPage'),
});

const home = createRoute({
  getParentRoute: () => root,
  path: patterns.home,
  beforeLoad: requireSession,
  loader: async ({ context: { client } }) => {
    const [first] = await client.fetchQuery(projectsQuery);
    if (!first) throw notFound();
    throw redirect(flagsPath(first.key));
  },
});

const project = createRoute({
  getParentRoute: () => root,
  path: patterns.project,
  beforeLoad: requireSession,
  loader: ({ context: { client }, params }) =>
    orNotFound(
      Promise.all([client.ensureQueryData(projectQuery(params.project)), client.ensureQueryData(projectsQuery)]),
    ),
  component: Shell,
});

const projectHome = createRoute({
  getParentRoute: () => project,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect(flagsPath(params.project));
  },
});

const flags = createRoute({
  getParentRoute: () => project,
  path: 'flags',
  validateSearch: z.object({
    search: z.catch(z.optional(z.string()), undefined),
    type: z.catch(z.optional(z.enum(['boolean', 'string', 'number', 'object'])), undefined),
    kind: z.catch(z.optional(z.enum(['release', 'experiment', 'operational', 'permission', 'migration'])), undefined),
    owner: z.catch(z.optional(z.string()), undefined),
    tag: z.catch(z.optional(z.string()), undefined),
    on: z.catch(z.optional(z.string()), undefined),
    off: z.catch(z.optional(z.string()), undefined),
    stale: z.catch(z.optional(z.literal(true)), undefined),
    killed: z.catch(z.optional(z.literal(true)), undefined),
    archived: z.catch(z.optional(z.literal(true)), undefined),
    sort: z.catch(z.optional(z.literal('recent')), undefined),
    create: z.catch(z.optional(z.literal(true)), undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/flags/flags-page.tsx'), 'FlagsPage'),
});

/** Two environments, by their keys. */
const fromTo = z.object({
  from: z.catch(z.optional(z.string()), undefined),
  to: z.catch(z.optional(z.string()), undefined),
});

const compare = createRoute({
  getParentRoute: () => project,
  path: 'compare',
  validateSearch: fromTo,
  component: lazyRouteComponent(() => import('./pages/compare/compare-page.tsx'), 'ComparePage'),
});

const flag = createRoute({
  getParentRoute: () => project,
  path: 'flags/$flag',
  validateSearch: fromTo,
  loader: ({ context: { client }, params }) =>
    orNotFound(client.ensureQueryData(flagQuery(params.project, params.flag))),
  pendingComponent: FlagPageSkeleton,
  component: lazyRouteComponent(() => import('./pages/flag/flag-page.tsx'), 'FlagPage'),
});

const targeting = createRoute({
  getParentRoute: () => project,
  path: 'flags/$flag/environments/$environment',
  loader: async ({ context: { client }, params }) => {
    const flag = await orNotFound(client.ensureQueryData(flagQuery(params.project, params.flag)));
    if (!flag.environments[params.environment]) throw notFound();
  },
  pendingComponent: FlagPageSkeleton,
  component: lazyRouteComponent(() => import('./pages/targeting/targeting-page.tsx'), 'TargetingPage'),
});

const keys = createRoute({
  getParentRoute: () => project,
  path: 'environments/$environment/keys',
  validateSearch: z.object({
    search: z.catch(z.optional(z.string()), undefined),
    behind: z.catch(z.optional(z.literal(true)), undefined),
  }),
  loader: async ({ context: { client }, params }) => {
    const { environments } = await orNotFound(client.ensureQueryData(projectQuery(params.project)));
    if (!environments.some(({ key }) => key === params.environment)) throw notFound();
  },
  component: lazyRouteComponent(() => import('./pages/keys/keys-page.tsx'), 'KeysPage'),
});

const releases = createRoute({
  getParentRoute: () => project,
  path: 'releases',
  validateSearch: z.object({
    environment: z.catch(z.optional(z.string()), undefined),
    phase: z.catch(z.optional(z.enum(phases)), undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/releases/releases-page.tsx'), 'ReleasesPage'),
});

const newRelease = createRoute({
  getParentRoute: () => project,
  path: 'releases/new',
  component: lazyRouteComponent(() => import('./pages/new-release/new-release-page.tsx'), 'NewReleasePage'),
});

const release = createRoute({
  getParentRoute: () => project,
  path: 'releases/$release',
  loader: ({ context: { client }, params }) =>
    orNotFound(client.ensureQueryData(releaseQuery(params.project, params.release))),
  component: lazyRouteComponent(() => import('./pages/release/release-page.tsx'), 'ReleasePage'),
});

const onCall = createRoute({
  getParentRoute: () => project,
  path: 'on-call',
  validateSearch: z.object({ environment: z.catch(z.optional(z.string()), undefined) }),
  component: lazyRouteComponent(() => import('./pages/on-call/on-call-page.tsx'), 'OnCallPage'),
});

const fireDrills = createRoute({
  getParentRoute: () => project,
  path: 'fire-drills',
  validateSearch: z.object({ environment: z.catch(z.optional(z.string()), undefined) }),
  component: lazyRouteComponent(() => import('./pages/fire-drills/fire-drills-page.tsx'), 'FireDrillsPage'),
});

const signals = createRoute({
  getParentRoute: () => project,
  path: 'signals',
  validateSearch: z.object({
    source: z.catch(z.optional(z.string()), undefined),
    binding: z.catch(z.optional(z.string()), undefined),
    bind: z.catch(z.optional(z.literal(true)), undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/signals/signals-page.tsx'), 'SignalsPage'),
});

const segments = createRoute({
  getParentRoute: () => project,
  path: 'segments',
  validateSearch: segmentsSearch,
  component: lazyRouteComponent(() => import('./pages/segments/segments-page.tsx'), 'SegmentsPage'),
});

const segment = createRoute({
  getParentRoute: () => project,
  path: 'environments/$environment/segments/$segment',
  loader: ({ context: { client }, params }) => orNotFound(client.ensureQueryData(segmentQuery(params))),
  component: lazyRouteComponent(() => import('./pages/segment/segment-page.tsx'), 'SegmentPage'),
});

const approvals = createRoute({
  getParentRoute: () => project,
  path: 'approvals',
  validateSearch: approvalsSearch,
  component: lazyRouteComponent(() => import('./pages/approvals/approvals-page.tsx'), 'ApprovalsPage'),
});

const approval = createRoute({
  getParentRoute: () => project,
  path: 'approvals/$request',
  loader: ({ context: { client }, params }) =>
    orNotFound(client.ensureQueryData(changeRequestQuery(params.project, params.request))),
  component: lazyRouteComponent(() => import('./pages/approval/approval-page.tsx'), 'ApprovalPage'),
});

const schedules = createRoute({
  getParentRoute: () => project,
  path: 'schedules',
  validateSearch: schedulesSearch,
  component: lazyRouteComponent(() => import('./pages/schedules/schedules-page.tsx'), 'SchedulesPage'),
});

const schedule = createRoute({
  getParentRoute: () => project,
  path: 'schedules/$schedule',
  loader: ({ context: { client }, params }) =>
    orNotFound(client.ensureQueryData(scheduleQuery(params.project, params.schedule))),
  component: lazyRouteComponent(() => import('./pages/schedules/schedule-page.tsx'), 'SchedulePage'),
});

const people = createRoute({
  getParentRoute: () => project,
  path: 'people',
  validateSearch: peopleSearch,
  component: lazyRouteComponent(() => import('./pages/people/people-page.tsx'), 'PeoplePage'),
});

const subject = createRoute({
  getParentRoute: () => project,
  path: 'people/$kind/$subject',
  component: lazyRouteComponent(() => import('./pages/subject/subject-page.tsx'), 'SubjectPage'),
});

const playground = createRoute({
  getParentRoute: () => project,
  path: 'playground',
  validateSearch: playgroundSearch,
  component: lazyRouteComponent(() => import('./pages/playground/playground-page.tsx'), 'PlaygroundPage'),
});

const account = createRoute({
  getParentRoute: () => project,
  path: 'account',
  component: lazyRouteComponent(() => import('./pages/account/account-page.tsx'), 'AccountPage'),
});

const webhooks = createRoute({
  getParentRoute: () => project,
  path: 'webhooks',
  component: lazyRouteComponent(() => import('./pages/webhooks/webhooks-page.tsx'), 'WebhooksPage'),
});

const webhook = createRoute({
  getParentRoute: () => project,
  path: 'webhooks/$webhook',
  loader: ({ context: { client }, params }) =>
    orNotFound(client.ensureQueryData(webhookQuery(params.project, params.webhook))),
  component: lazyRouteComponent(() => import('./pages/webhook/webhook-page.tsx'), 'WebhookPage'),
});

const audit = createRoute({
  getParentRoute: () => project,
  path: 'audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./pages/audit/audit-page.tsx'), 'AuditPage'),
});

const auditEvent = createRoute({
  getParentRoute: () => project,
  path: 'audit/$event',
  loader: ({ context: { client }, params }) => orNotFound(client.ensureQueryData(auditEventQuery(params.event))),
  component: lazyRouteComponent(() => import('./pages/audit/audit-event-page.tsx'), 'AuditEventPage'),
});

const routeTree = root.addChildren([
  setup,
  secondFactor,
  signIn,
  password,
  home,
  project.addChildren([
    projectHome,
    flags,
    flag,
    compare,
    targeting,
    releases,
    newRelease,
    release,
    onCall,
    fireDrills,
    signals,
    keys,
    segments,
    segment,
    approvals,
    approval,
    schedules,
    schedule,
    people,
    subject,
    playground,
    account,
    webhooks,
    webhook,
    audit,
    auditEvent,
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
    defaultPreload: 'intent',
    // The query cache decides what is fresh.
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 200,
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

/** Nobody signed in: to the sign-in page, and back here from there. Who lacks a second factor that is required sets it up. */
async function requireSession({ context, location }: { context: { client: QueryClient }; location: { href: string } }) {
  const user = await context.client.ensureQueryData(sessionQuery);
  if (!user) throw redirect(signInPath(location.href));
  if (user.mustEnrol) throw redirect(secondFactorPath());
}

/** What the server does not know is not found here either. */
async function orNotFound<Data>(load: Promise<Data>): Promise<Data> {
  try {
    return await load;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) throw notFound();
    throw error;
  }
}
