import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { migrationPlanQuery } from '../api/releases.ts';
import { inEnvironmentSearch } from '../searches.ts';
import { orNotFound } from './or-not-found.ts';
import { project } from './project.ts';

const migrationPlans = createRoute({
  getParentRoute: () => project,
  path: 'migration-plans',
  validateSearch: inEnvironmentSearch,
  component: lazyRouteComponent(
    () => import('../pages/migration-plans/migration-plans-page.tsx'),
    'MigrationPlansPage',
  ),
});

const newMigrationPlan = createRoute({
  getParentRoute: () => project,
  path: 'migration-plans/new',
  validateSearch: inEnvironmentSearch,
  component: lazyRouteComponent(() => import('../pages/migration-plan-editor/new-plan-page.tsx'), 'NewPlanPage'),
});

const migrationPlan = createRoute({
  getParentRoute: () => project,
  path: 'environments/$environment/migration-plans/$plan',
  loader: ({ context: { client }, params }) =>
    orNotFound(client.ensureQueryData(migrationPlanQuery(params.project, params.environment, params.plan))),
  component: lazyRouteComponent(() => import('../pages/migration-plan/migration-plan-page.tsx'), 'MigrationPlanPage'),
});

const editMigrationPlan = createRoute({
  getParentRoute: () => project,
  path: 'environments/$environment/migration-plans/$plan/edit',
  // Who edits begins from how it is now: it goes on by itself, and a change of an older one is refused.
  loader: ({ context: { client }, params }) =>
    orNotFound(client.fetchQuery(migrationPlanQuery(params.project, params.environment, params.plan))),
  component: lazyRouteComponent(() => import('../pages/migration-plan-editor/edit-plan-page.tsx'), 'EditPlanPage'),
});

/** How the databases of each environment change. */
export const migrationPlanRoutes = [migrationPlans, newMigrationPlan, migrationPlan, editMigrationPlan] as const;
