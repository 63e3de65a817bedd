import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, Outlet, redirect } from '@tanstack/react-router';
import { sessionQuery } from '../api/session.ts';
import { secondFactorPath, signInPath } from '../paths.ts';

export const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Outlet });

/** Nobody signed in: to the sign-in page, and back here from there. Who lacks a second factor that is required sets it up. */
export async function requireSession({
  context,
  location,
}: {
  context: { client: QueryClient };
  location: { href: string };
}) {
  const user = await context.client.ensureQueryData(sessionQuery);
  if (!user) throw redirect(signInPath(location.href));
  if (user.mustEnrol) throw redirect(secondFactorPath());
}
