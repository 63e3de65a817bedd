import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import * as z from 'zod/mini';
import { project } from './project.ts';

const onCall = createRoute({
  getParentRoute: () => project,
  path: 'on-call',
  validateSearch: z.object({ environment: z.catch(z.optional(z.string()), undefined) }),
  component: lazyRouteComponent(() => import('../pages/on-call/on-call-page.tsx'), 'OnCallPage'),
});

const fireDrills = createRoute({
  getParentRoute: () => project,
  path: 'fire-drills',
  validateSearch: z.object({ environment: z.catch(z.optional(z.string()), undefined) }),
  component: lazyRouteComponent(() => import('../pages/fire-drills/fire-drills-page.tsx'), 'FireDrillsPage'),
});

const signals = createRoute({
  getParentRoute: () => project,
  path: 'signals',
  validateSearch: z.object({
    source: z.catch(z.optional(z.string()), undefined),
    binding: z.catch(z.optional(z.string()), undefined),
    bind: z.catch(z.optional(z.literal(true)), undefined),
    search: z.catch(z.optional(z.string()), undefined),
    state: z.catch(z.optional(z.enum(['matched', 'unmatched', 'malformed'])), undefined),
  }),
  component: lazyRouteComponent(() => import('../pages/signals/signals-page.tsx'), 'SignalsPage'),
});

/** What turns flags off, by hand and by itself. */
export const onCallRoutes = [onCall, fireDrills, signals] as const;
