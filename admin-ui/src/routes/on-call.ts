import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { onCallSearch, signalsSearch } from '../searches.ts';
import { project } from './project.ts';

const onCall = createRoute({
  getParentRoute: () => project,
  path: 'on-call',
  validateSearch: onCallSearch,
  component: lazyRouteComponent(() => import('../pages/on-call/on-call-page.tsx'), 'OnCallPage'),
});

const fireDrills = createRoute({
  getParentRoute: () => project,
  path: 'fire-drills',
  validateSearch: onCallSearch,
  component: lazyRouteComponent(() => import('../pages/fire-drills/fire-drills-page.tsx'), 'FireDrillsPage'),
});

const signals = createRoute({
  getParentRoute: () => project,
  path: 'signals',
  validateSearch: signalsSearch,
  component: lazyRouteComponent(() => import('../pages/signals/signals-page.tsx'), 'SignalsPage'),
});

/** What turns flags off, by hand and by itself. */
export const onCallRoutes = [onCall, fireDrills, signals] as const;
