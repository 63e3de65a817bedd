import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { peopleSearch } from '../searches.ts';
import { project } from './project.ts';

const people = createRoute({
  getParentRoute: () => project,
  path: 'people',
  validateSearch: peopleSearch,
  component: lazyRouteComponent(() => import('../pages/people/people-page.tsx'), 'PeoplePage'),
});

const subject = createRoute({
  getParentRoute: () => project,
  path: 'people/$kind/$subject',
  component: lazyRouteComponent(() => import('../pages/subject/subject-page.tsx'), 'SubjectPage'),
});

const account = createRoute({
  getParentRoute: () => project,
  path: 'account',
  component: lazyRouteComponent(() => import('../pages/account/account-page.tsx'), 'AccountPage'),
});

/** Who may do what, and one's own account. */
export const peopleRoutes = [people, subject, account] as const;
