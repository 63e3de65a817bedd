import type { Static } from '@sinclair/typebox';
import type { Actor } from '../audit/actor.ts';
import { environmentsOf } from '../change-requests/content.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { ScheduleRow, ScheduleRunRow } from '../store/tables/change-requests.ts';
import type { Plan } from './plan.ts';
import type { ScheduleRunSchema, ScheduleSchema } from './schemas.ts';

/** A schedule as the API shows it. */
export type Schedule = Static<typeof ScheduleSchema>;
export type ScheduleRun = Static<typeof ScheduleRunSchema>;

export function planOf({ plan }: Pick<ScheduleRow, 'plan'>): Plan {
  return JSON.parse(plan) as Plan;
}

export function toSchedule(row: ScheduleRow): Schedule {
  const plan = planOf(row);
  return {
    id: row.id,
    kind: plan.kind,
    title: row.title,
    ...(plan.kind === 'repeat' ? { window: copyOf(plan.window) } : { at: toTimestamp(plan.atMs) }),
    ...(plan.kind === 'request' ? { changeRequest: plan.changeRequest } : { changes: [...plan.changes] }),
    ...(plan.kind === 'repeat' ? { endChanges: [...plan.endChanges] } : {}),
    toleranceMinutes: row.tolerance_ms / 60_000,
    state: row.state as Schedule['state'],
    reason: row.reason,
    dueAt: row.due_at === null ? null : toTimestamp(row.due_at),
    createdBy: JSON.parse(row.created_by) as Actor,
    version: row.version,
    createdAt: toTimestamp(row.created_at),
    updatedAt: toTimestamp(row.updated_at),
  };
}

export function toRun(row: ScheduleRunRow): ScheduleRun {
  return {
    dueAt: toTimestamp(row.due_at),
    edge: row.edge as ScheduleRun['edge'],
    outcome: row.outcome as ScheduleRun['outcome'],
    reason: row.reason,
    ranAt: toTimestamp(row.ran_at),
  };
}

/** How audit events name a schedule: in an environment when it changes one alone. */
export function eventPlaceOf(project: string, { id, plan: json }: Pick<ScheduleRow, 'id' | 'plan'>) {
  const plan = planOf({ plan: json });
  const changes = plan.kind === 'request' ? [] : [...plan.changes, ...(plan.kind === 'repeat' ? plan.endChanges : [])];
  const [environment, ...more] = environmentsOf(changes);
  return {
    project,
    ...(environment === undefined || more.length > 0 ? {} : { environment }),
    target: { kind: 'schedule', key: id },
  };
}

function copyOf({ weekdays, ...window }: Extract<Plan, { kind: 'repeat' }>['window']) {
  return { weekdays: [...weekdays], ...window };
}
