import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { auditEventQuery } from '../api/audit.ts';
import { changeRequestQuery } from '../api/change-requests.ts';
import { scheduleQuery } from '../api/schedules.ts';
import { approvalsSearch, auditSearch, schedulesSearch } from '../searches.ts';
import { orNotFound } from './or-not-found.ts';
import { project } from './project.ts';

const approvals = createRoute({
  getParentRoute: () => project,
  path: 'approvals',
  validateSearch: approvalsSearch,
  component: lazyRouteComponent(() => import('../pages/approvals/approvals-page.tsx'), 'ApprovalsPage'),
});

const approval = createRoute({
  getParentRoute: () => project,
  path: 'approvals/$request',
  loader: ({ context: { client }, params }) =>
    orNotFound(client.ensureQueryData(changeRequestQuery(params.project, params.request))),
  component: lazyRouteComponent(() => import('../pages/approval/approval-page.tsx'), 'ApprovalPage'),
});

const schedules = createRoute({
  getParentRoute: () => project,
  path: 'schedules',
  validateSearch: schedulesSearch,
  component: lazyRouteComponent(() => import('../pages/schedules/schedules-page.tsx'), 'SchedulesPage'),
});

const schedule = createRoute({
  getParentRoute: () => project,
  path: 'schedules/$schedule',
  loader: ({ context: { client }, params }) =>
    orNotFound(client.ensureQueryData(scheduleQuery(params.project, params.schedule))),
  component: lazyRouteComponent(() => import('../pages/schedules/schedule-page.tsx'), 'SchedulePage'),
});

const audit = createRoute({
  getParentRoute: () => project,
  path: 'audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('../pages/audit/audit-page.tsx'), 'AuditPage'),
});

const auditCheckpoints = createRoute({
  getParentRoute: () => project,
  path: 'audit/checkpoints',
  component: lazyRouteComponent(() => import('../pages/audit/checkpoints-page.tsx'), 'CheckpointsPage'),
});

const auditEvent = createRoute({
  getParentRoute: () => project,
  path: 'audit/$event',
  loader: ({ context: { client }, params }) => orNotFound(client.ensureQueryData(auditEventQuery(params.event))),
  component: lazyRouteComponent(() => import('../pages/audit/audit-event-page.tsx'), 'AuditEventPage'),
});

/** Changes to come, under review or by the clock, and those that were. */
export const changeRoutes = [approvals, approval, schedules, schedule, audit, auditCheckpoints, auditEvent] as const;
