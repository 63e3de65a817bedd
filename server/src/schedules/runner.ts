import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { ALL_POWERS } from '../access/powers.ts';
import type { Actor, Caller } from '../audit/actor.ts';
import type { Applier } from '../change-requests/applier.ts';
import { Misfit, problemsOf, refusalOf } from '../change-requests/conflict.ts';
import { environmentsOf } from '../change-requests/content.ts';
import { planChanges, savePlanned } from '../change-requests/plan.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { findEnvironments } from '../environments/repository.ts';
import { requireProject } from '../environments/service.ts';
import type { MigrationGuard } from '../flags/migration-guard.ts';
import { ApiError, type ErrorCode } from '../http/api-error.ts';
import { fromBit } from '../store/booleans.ts';
import type { ScheduleRunRow } from '../store/tables/change-requests.ts';
import type { Database } from '../store/tables.ts';
import { findLineWait } from './line-wait.ts';
import { changesAt, type Decision, type Due, decide } from './plan.ts';
import { advanceSchedule, type DueSchedule, findDueSchedules, insertRuns } from './repository.ts';
import { eventPlaceOf, planOf } from './schedule.ts';

export interface ScheduleRunnerDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly requests: Applier;
  readonly migrations: MigrationGuard;
  readonly log: FastifyBaseLogger;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
}

const LOOK_EVERY_MS = 1_000;
/** Schedules that are read at once. */
const BATCH = 50;

/** What passes by itself: it is tried again at the next look, for as long as the schedule may be late. */
const PASSING: readonly ErrorCode[] = [
  'stage_not_confirmed',
  'conflict',
  'store_unavailable',
  'store_outcome_unknown',
  'shutting_down',
];

/**
 * Does what schedules say when they are due. Any server does; what it changes, the schedule's next time and the note of what became
 * of this one are one transaction, so each time is dealt with once, whoever dies and whatever clocks do.
 */
export class ScheduleRunner {
  readonly #dependencies: ScheduleRunnerDependencies;
  /** What stood against the latest try of schedules that are tried again, and the time that it was for; by schedule. */
  readonly #obstacles = new Map<string, { readonly atMs: number; readonly message: string }>();
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;

  constructor(dependencies: ScheduleRunnerDependencies) {
    this.#dependencies = dependencies;
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  /** Does all that is due now. */
  async look(): Promise<void> {
    const { database, now, log } = this.#dependencies;
    const nowMs = now();
    let last: DueSchedule | undefined;
    do {
      const due = await findDueSchedules(database, nowMs, BATCH, last);
      for (const schedule of due) {
        if (this.#closing.signal.aborted) return;
        await this.#do(schedule).catch((error: unknown) =>
          log.warn({ err: error, schedule: schedule.id }, 'a schedule could not be carried out; trying again'),
        );
      }
      // Those that wait must not keep others from their turn.
      last = due.length === BATCH ? due.at(-1) : undefined;
    } while (last !== undefined);
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      // The database is away: schedules wait for it as everything else does.
      await this.look().catch((error: unknown) =>
        this.#dependencies.log.debug({ err: error }, 'schedules could not be looked at'),
      );
      await wait(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  async #do(schedule: DueSchedule): Promise<void> {
    const { changes, database, now } = this.#dependencies;
    const due = { atMs: schedule.due_at, edge: schedule.due_edge as Due['edge'] };
    const [plan, nowMs] = [planOf(schedule), now()];
    const { run = due } = decide(plan, due, nowMs, Number.POSITIVE_INFINITY);
    const wait = await findLineWait(database, schedule, plan, run, nowMs);
    if (wait.isStopped) return;
    const decision = decide(plan, due, nowMs, schedule.tolerance_ms + wait.waitedMs);
    const caller = callerOf(schedule);
    try {
      await changes.commit(caller, async (draft) => {
        if (!(await this.#settle(draft, schedule, decision, undefined))) return;
        if (decision.run !== undefined) await this.#make(draft, caller, schedule, decision.run);
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (PASSING.includes(error.code)) {
        const { run } = decision;
        if (run !== undefined) this.#obstacles.set(schedule.id, { atMs: run.atMs, message: error.message });
        throw error;
      }
      await this.#fail(caller, schedule, decision, error);
    }
    this.#obstacles.delete(schedule.id);
  }

  /** Makes the changes. @throws {ApiError} what stands against them */
  async #make(draft: Draft, caller: Caller, schedule: DueSchedule, due: Due): Promise<void> {
    const { requests, migrations } = this.#dependencies;
    const { project } = schedule;
    const plan = planOf(schedule);
    if (plan.kind === 'request') {
      const { changeRequest: request, contentHash } = plan;
      return requests.applyIn(draft, caller, { project, request }, contentHash);
    }
    const changes = changesAt(plan, due);
    if (fromBit(schedule.is_approved)) {
      const changed = environmentsOf(changes);
      for (const { id, key } of await findEnvironments(draft.tx, [schedule.project_id])) {
        if (changed.includes(key)) draft.approve(id);
      }
    }
    const planned = await planChanges(draft.tx, project, changes, draft.atMs);
    if (problemsOf(planned).length === 0) await savePlanned(draft, migrations, project, planned);
    const refusal = refusalOf(planned);
    if (refusal !== undefined) throw refusal;
    const problems = problemsOf(planned);
    if (problems.length > 0) throw new Misfit(problems, []);
  }

  async #fail(caller: Caller, schedule: DueSchedule, decision: Decision, error: ApiError): Promise<void> {
    const { changes, requests, log } = this.#dependencies;
    const plan = planOf(schedule);
    await changes.commit(caller, (draft) => this.#settle(draft, schedule, decision, error));
    log.warn({ schedule: schedule.id, reason: error.message }, 'a schedule failed');
    if (plan.kind !== 'request' || !(error instanceof Misfit)) return;
    await requests.noteMisfit(caller, { project: schedule.project, request: plan.changeRequest }, error);
  }

  /**
   * Moves the schedule on and notes what became of its times.
   * @returns false: someone else did so, or stopped it
   */
  async #settle(
    draft: Draft,
    schedule: DueSchedule,
    { run, missed, next }: Decision,
    error: ApiError | undefined,
  ): Promise<boolean> {
    // The project first, as all that changes something in it does.
    await requireProject(draft.tx, schedule.project);
    const reason = error?.message.slice(0, 1000) ?? null;
    const ended = error !== undefined ? 'failed' : run === undefined ? 'missed' : 'done';
    const state = next === undefined ? ended : 'active';
    const isMine = await advanceSchedule(draft.tx, schedule, {
      state,
      reason,
      due_at: next?.atMs ?? null,
      due_edge: next?.edge ?? null,
      version: schedule.version + 1,
      updated_at: draft.atMs,
    });
    if (!isMine) return false;
    const toRow = (due: Due, outcome: string, why: string | null): ScheduleRunRow => ({
      schedule_id: schedule.id,
      due_at: due.atMs,
      edge: due.edge,
      outcome,
      reason: why,
      ran_at: draft.atMs,
    });
    const obstacle = this.#obstacles.get(schedule.id);
    const whyLate = ({ atMs }: Due) =>
      obstacle?.atMs === atMs
        ? `It was tried until it was too late: ${obstacle.message}`.slice(0, 1000)
        : 'No server ran at its time, or it was paused, and it was too late afterwards.';
    const done = run === undefined ? [] : [toRow(run, error === undefined ? 'applied' : 'failed', reason)];
    const runs = [...missed.map((due) => toRow(due, 'missed', whyLate(due))), ...done];
    await insertRuns(draft.tx, runs);
    for (const { outcome, due_at, edge, reason: why } of runs) {
      await draft.audit({
        action: `schedule.${outcome}`,
        ...eventPlaceOf(schedule.project, schedule),
        after: { title: schedule.title, dueAt: new Date(due_at).toISOString(), edge, reason: why, state },
      });
    }
    return true;
  }
}

/** What is done is done in the name of who made the schedule: their permission was asked for then. */
function callerOf({ id, title, created_by }: DueSchedule): Caller {
  const actor = JSON.parse(created_by) as Actor;
  return { actor, ...ALL_POWERS, comment: `Schedule ${id}: ${title}`.slice(0, 1000) };
}
