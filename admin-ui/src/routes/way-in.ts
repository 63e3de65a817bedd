import { createRoute, lazyRouteComponent, notFound, redirect } from '@tanstack/react-router';
import * as z from 'zod/mini';
import { projectsQuery } from '../api/projects.ts';
import { secondFactorQuery } from '../api/second-factor.ts';
import { sessionQuery, setupQuery, signInWaysQuery } from '../api/session.ts';
import { flagsPath, patterns, safeNext, setupPath, signInPath } from '../paths.ts';
import { requireSession, root } from './root.ts';

const setup = createRoute({
  getParentRoute: () => root,
  path: patterns.setup,
  validateSearch: z.object({ token: z.catch(z.optional(z.string()), undefined) }),
  loader: async ({ context: { client } }) => ({ required: await client.fetchQuery(setupQuery) }),
  component: lazyRouteComponent(() => import('../pages/setup/setup-page.tsx'), 'SetupPage'),
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
  component: lazyRouteComponent(() => import('../pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const password = createRoute({
  getParentRoute: () => root,
  path: patterns.password,
  validateSearch: z.object({ token: z.catch(z.optional(z.string()), undefined) }),
  component: lazyRouteComponent(() => import('../pages/password/password-page.tsx'), 'PasswordPage'),
});

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: patterns.secondFactor,
  beforeLoad: async ({ context: { client }, location }) => {
    if (!(await client.ensureQueryData(sessionQuery))) throw redirect(signInPath(location.href));
  },
  loader: ({ context: { client } }) => client.fetchQuery(secondFactorQuery),
  component: lazyRouteComponent(() => import('../pages/second-factor/second-factor-page.tsx'), 'SecondFactorPage'),
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

/** Before the frame: how someone comes in, and where to from there. */
export const wayIn = [setup, signIn, password, secondFactor, home] as const;
