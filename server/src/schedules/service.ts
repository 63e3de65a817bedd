import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import { changesOf } from '../change-requests/change-request.ts';
import { environmentsOf, type ProposedChange, refuseDoubles } from '../change-requests/content.ts';
import { requireAll } from '../change-requests/permissions.ts';
import { planChanges } from '../change-requests/plan.ts';
import { findChangeRequest } from '../change-requests/repository.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { approvalRequired } from '../changes/protection.ts';
import { findEnvironments } from '../environments/repository.ts';
import { requireProject } from '../environments/service.ts';
import { ApiError, notFound, validationFailed } from '../http/api-error.ts';
import { readMoment } from '../http/moment.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { toBit } from '../store/booleans.ts';
import { newId } from '../store/new-id.ts';
import type { ChangeRequestRow, ScheduleRow } from '../store/tables/change-requests.ts';
import type { ProjectRow } from '../store/tables/flags.ts';
import type { Database, Querier } from '../store/tables.ts';
import { firstDue, type Plan } from './plan.ts';
import { findRuns, findSchedule, findSchedules, insertSchedule, updateSchedule } from './repository.ts';
import { eventPlaceOf, planOf, type Schedule, type ScheduleRun, toRun, toSchedule } from './schedule.ts';
import type { ScheduleInput, ScheduleQuery } from './schemas.ts';
import { problemOf } from './window.ts';

export interface SchedulePlace {
  readonly project: string;
  readonly schedule: string;
}

const DEFAULT_TOLERANCE_MINUTES = 60;

/** What people do to schedules: see `runner.ts` for what is done when they are due. */
export class Schedules {
  readonly #database: Database;
  readonly #changes: Changes;

  constructor(database: Database, changes: Changes) {
    this.#database = database;
    this.#changes = changes;
  }

  /** Newest first. */
  async list(
    projectKey: string,
    { state, cursor, limit = DEFAULT_LIMIT }: Static<typeof ScheduleQuery>,
  ): Promise<Page<Schedule>> {
    const [beforeId] = readCursor(cursor, ['string']) ?? [];
    const project = await requireProject(this.#database, projectKey);
    const rows = await findSchedules(this.#database, project.id, { state, beforeId, limit: limit + 1 });
    const page = toPage(rows, limit, ({ id }) => [id]);
    return { ...page, items: page.items.map(toSchedule) };
  }

  async get(place: SchedulePlace): Promise<Schedule> {
    return toSchedule((await find(this.#database, place)).row);
  }

  /** What became of the times at which it was due, newest first. */
  async listRuns(place: SchedulePlace, { cursor, limit = DEFAULT_LIMIT }: PageRequest): Promise<Page<ScheduleRun>> {
    const [beforeMs] = readCursor(cursor, ['number']) ?? [];
    const { row } = await find(this.#database, place);
    const rows = await findRuns(this.#database, row.id, { beforeMs, limit: limit + 1 });
    const page = toPage(rows, limit, ({ due_at }) => [due_at]);
    return { ...page, items: page.items.map(toRun) };
  }

  /** Takes the permissions that making the changes now would take; whether edits fit is seen when they are made. */
  async create(caller: Caller, projectKey: string, input: Static<typeof ScheduleInput>): Promise<Schedule> {
    const { title, toleranceMinutes = DEFAULT_TOLERANCE_MINUTES } = input;
    requirePermission(caller, 'flag:read', { project: projectKey });
    const { result } = await this.#changes.commit(caller, async (draft) => {
      const project = await requireProject(draft.tx, projectKey);
      const plan = await toPlan(draft, project, input);
      const isApproved = await this.#refuseUnfit(draft, caller, project, plan);
      const due = firstDue(plan, draft.atMs);
      const row: ScheduleRow = {
        id: newId(draft.atMs),
        project_id: project.id,
        title,
        plan: JSON.stringify(plan),
        tolerance_ms: toleranceMinutes * 60_000,
        is_approved: toBit(isApproved),
        state: 'active',
        reason: null,
        due_at: due?.atMs ?? null,
        due_edge: due?.edge ?? null,
        created_by: JSON.stringify(caller.actor),
        version: 1,
        created_at: draft.atMs,
        updated_at: draft.atMs,
      };
      await insertSchedule(draft.tx, row);
      await draft.audit({ action: 'schedule.created', ...eventPlaceOf(projectKey, row), after: toSchedule(row) });
      return row;
    });
    return toSchedule(result);
  }

  /** Nothing is done while it is paused. What was due meanwhile is late when it is resumed. */
  pause(caller: Caller, place: SchedulePlace): Promise<Schedule> {
    return this.#move(caller, place, 'paused', ['active']);
  }

  resume(caller: Caller, place: SchedulePlace): Promise<Schedule> {
    return this.#move(caller, place, 'active', ['paused']);
  }

  cancel(caller: Caller, place: SchedulePlace): Promise<Schedule> {
    return this.#move(caller, place, 'cancelled', ['active', 'paused']);
  }

  /** @returns whether the caller broke the glass of an environment that wants approval */
  async #refuseUnfit(draft: Draft, caller: Caller, project: ProjectRow, plan: Plan): Promise<boolean> {
    const { tx } = draft;
    const changes = await plannedChanges(draft, project, plan);
    requireAll(caller, project.key, changes);
    if (plan.kind === 'request') return false;
    const planned = await planChanges(tx, project.key, changes, draft.atMs);
    const gone = planned.find(({ version }) => version === undefined);
    if (gone !== undefined) {
      const [note] = gone.notes;
      throw new ApiError('change_conflict', `Nothing was scheduled: ${note?.message ?? 'something is gone'}.`);
    }
    let isApproved = false;
    const changed = new Set(environmentsOf(changes));
    for (const environment of await findEnvironments(tx, [project.id])) {
      if (!changed.has(environment.key) || environment.required_approvals === 0) continue;
      if (caller.breaksGlass !== true) throw approvalRequired(environment);
      const place = { project: project.key, environment: environment.key };
      requirePermission(caller, 'change:bypass', place);
      isApproved = true;
      await draft.audit({
        ...{ action: 'environment.glass-broken', ...place, target: { kind: 'environment', key: environment.key } },
        after: { break_glass: true, obstacles: ['approval_required'], reason: caller.comment },
      });
    }
    return isApproved;
  }

  async #move(
    caller: Caller,
    place: SchedulePlace,
    state: Schedule['state'],
    from: readonly string[],
  ): Promise<Schedule> {
    const { result } = await this.#changes.commit(caller, async (draft) => {
      const { project, row: before } = await find(draft.tx, place);
      const plan = planOf(before);
      requireAll(caller, project.key, await plannedChanges(draft, project, plan));
      if (before.state === state) return before;
      if (!from.includes(before.state)) {
        const message = `The schedule is ${before.state}: only what is ${from.join(' or ')} can be ${PAST[state]}.`;
        throw new ApiError('wrong_state', message, { state: before.state });
      }
      const row = { ...before, state, version: before.version + 1, updated_at: draft.atMs };
      await updateSchedule(draft.tx, row.id, { state, version: row.version, updated_at: draft.atMs });
      await draft.audit({
        action: `schedule.${PAST[state]}`,
        ...eventPlaceOf(place.project, row),
        before: toSchedule(before),
        after: toSchedule(row),
      });
      return row;
    });
    return toSchedule(result);
  }
}

const PAST: Readonly<Partial<Record<Schedule['state'], string>>> = {
  paused: 'paused',
  active: 'resumed',
  cancelled: 'cancelled',
};

async function find(db: Querier, { project: projectKey, schedule }: SchedulePlace) {
  const project = await requireProject(db, projectKey);
  const row = await findSchedule(db, project.id, schedule);
  if (row === undefined) throw notFound(`schedule "${schedule}" in project "${projectKey}"`);
  return { project, row };
}

async function requireRequest({ tx }: Draft, project: ProjectRow, id: string): Promise<ChangeRequestRow> {
  const request = await findChangeRequest(tx, project.id, id);
  if (request === undefined) throw notFound(`change request "${id}" in project "${project.key}"`);
  return request;
}

/** Whoever schedules, pauses, resumes or cancels these could make them directly. */
async function plannedChanges(draft: Draft, project: ProjectRow, plan: Plan): Promise<ProposedChange[]> {
  if (plan.kind === 'request') return changesOf(await requireRequest(draft, project, plan.changeRequest));
  return [...plan.changes, ...(plan.kind === 'repeat' ? plan.endChanges : [])];
}

/** @throws {ApiError} `validation_failed` */
async function toPlan(draft: Draft, project: ProjectRow, input: Static<typeof ScheduleInput>): Promise<Plan> {
  if (input.kind === 'repeat') {
    const { kind, window, changes, endChanges } = input;
    const problem = problemOf(window);
    if (problem !== undefined) throw validationFailed([{ path: 'window', message: problem }]);
    refuseDoubles(changes);
    refuseDoubles(endChanges);
    return { kind, window, changes, endChanges };
  }
  const atMs = readMoment(input.at, 'at');
  if (atMs <= draft.atMs)
    throw validationFailed([{ path: 'at', message: 'has passed; make the change now, or choose a later time' }]);
  if (input.kind === 'request') {
    const { id, content_hash } = await requireRequest(draft, project, input.changeRequest);
    return { kind: 'request', atMs, changeRequest: id, contentHash: content_hash };
  }
  refuseDoubles(input.changes);
  return { kind: 'once', atMs, changes: input.changes };
}
