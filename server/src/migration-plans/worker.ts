import type { FastifyBaseLogger } from 'fastify';
import type { Changes } from '../changes/changes.ts';
import type { MigrationGuard } from '../flags/migration-guard.ts';
import { ApiError } from '../http/api-error.ts';
import { newId } from '../store/new-id.ts';
import type { Vault } from '../vault/vault.ts';
import type { Action } from './actions.ts';
import { describeAction } from './describe-action.ts';
import { gather, type Surroundings } from './gather.ts';
import type { Done } from './jobs.ts';
import { callerOf, keep } from './keep.ts';
import { after, next, type Outcome } from './machine.ts';
import { Performer, type PerformerDependencies } from './perform.ts';
import { definitionOf, openSecrets, stateOf } from './plan.ts';
import { beginRun, findPlanById, type PlacedPlan, updateRun } from './repository.ts';
import { findPlanFlag, serveStage } from './serve-stage.ts';
import type { Progress } from './sql/backfill.ts';
import type { Move, PlanState } from './state.ts';

export interface WorkerDependencies extends Surroundings, PerformerDependencies {
  readonly changes: Changes;
  readonly migrations: MigrationGuard;
  readonly vault: Vault;
  readonly log: FastifyBaseLogger;
}

/** How often it is noted how far a backfill is. */
const NOTE_EVERY_MS = 1_000;
const MAX_OUTPUT = 4_000;

/** An action of a plan that is to be done. */
interface Task {
  readonly plan: PlacedPlan;
  readonly action: Action;
  readonly move: Move;
  /** Id of what is kept of it for people. */
  readonly run: string;
}

/** Works on one plan, action by action, while this server holds it. */
export class Worker {
  readonly #dependencies: WorkerDependencies;
  readonly #performer: Performer;
  #stop = new AbortController();
  #isClosed = false;
  #plan: PlacedPlan;

  constructor(dependencies: WorkerDependencies, plan: PlacedPlan) {
    this.#dependencies = dependencies;
    this.#performer = new Performer(dependencies);
    this.#plan = plan;
  }

  /** Says which version of the plan there is: what is done by an older one is cut off. */
  hear(version: number): void {
    if (version > this.#plan.version) this.#stop.abort();
  }

  /** Cuts off what is being done, for good. */
  close(): void {
    this.#isClosed = true;
    this.#stop.abort();
  }

  /** Resolves when there is nothing to do, or something must be waited for. */
  async run(): Promise<void> {
    try {
      let goesOn = true;
      while (goesOn && !this.#isClosed) {
        this.#stop = new AbortController();
        goesOn = await this.#step();
      }
    } finally {
      await this.#performer.close();
    }
  }

  /** @returns whether to go on at once */
  async #step(): Promise<boolean> {
    const { database, now } = this.#dependencies;
    const plan = await findPlanById(database, this.#plan.id);
    if (plan === undefined) return false;
    this.#plan = plan;
    const state = stateOf(plan);
    const facts = await gather(database, this.#dependencies, plan, now());
    const what = next(definitionOf(plan), state, facts, () => newId(now()));
    if (what.do === 'rest') return false;
    if (what.do === 'keep') return this.#keep(what.state, what.decision);
    const { action, move } = what;
    const run = `${move.id}.${move.done}.${move.attempt}`;
    await beginRun(database, {
      ...{ id: run, plan_id: plan.id, phase: move.phase, direction: move.direction, action: describeAction(action) },
      ...{ outcome: 'running', started_at: now(), ended_at: null, rows: 0, total: null, output: '' },
    });
    const task = { plan, action, move, run };
    return action.kind === 'serve' ? this.#serve(task, action) : this.#perform(task, action);
  }

  async #perform(task: Task, action: Exclude<Action, { kind: 'serve' }>): Promise<boolean> {
    const { database, vault, now } = this.#dependencies;
    const { plan, move, run } = task;
    const { signal } = this.#stop;
    const subject = { plan, secrets: openSecrets(vault, plan), flag: await findPlanFlag(database, plan), move };
    const onProgress = this.#noteProgress(run);
    const done = await this.#performer.perform(action, subject, { signal, onProgress }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (done === undefined) {
      await updateRun(database, run, { outcome: 'failed', ended_at: now(), output: 'It was cut off.' });
      return true;
    }
    const state = after(stateOf(plan), move, done.outcome, now());
    const isKept = await this.#keep(state, state.failure && `Failed in ${move.phase}: ${state.failure.reason}`);
    if (isKept) await this.#note(task, done, state);
    // Whoever changed the plan meanwhile wants something else: it is looked at again.
    return !isKept || done.outcome.is === 'done';
  }

  /** The flag and the state that says so, together or not at all. */
  async #serve(task: Task, action: Action & { readonly kind: 'serve' }): Promise<boolean> {
    const { changes, migrations, now } = this.#dependencies;
    const { plan, move } = task;
    try {
      const { result } = await changes.commit(callerOf(plan), async (draft) => {
        const flag = await findPlanFlag(draft.tx, plan);
        if (flag === undefined)
          throw new ApiError('not_found', 'The flag of the plan is gone: restore it, or go on without.');
        await serveStage(draft, migrations, plan, flag, action);
        return keep(draft, plan, after(stateOf(plan), move, { is: 'done' }, draft.atMs), undefined);
      });
      await this.#note(task, { outcome: { is: 'done' }, output: '' }, stateOf(result));
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const outcome = refusalOf(error);
      const state = after(stateOf(plan), move, outcome, now());
      if (await this.#keep(state, state.failure && `Failed in ${move.phase}: ${state.failure.reason}`)) {
        await this.#note(task, { outcome, output: error.message }, state);
      }
      return false;
    }
  }

  /** @returns false when someone else changed the plan meanwhile */
  async #keep(state: PlanState, decision: string | undefined): Promise<boolean> {
    const plan = this.#plan;
    if (decision === undefined && JSON.stringify(state) === plan.state) return true;
    try {
      const { result } = await this.#dependencies.changes.commit(callerOf(plan), (draft) =>
        keep(draft, plan, state, decision),
      );
      this.#plan = result;
      if (decision !== undefined) this.#dependencies.log.info({ plan: plan.key, decision }, 'migration plan');
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === 'conflict') return false;
      throw error;
    }
  }

  async #note({ run }: Task, { outcome, output }: Done, { failure }: PlanState): Promise<void> {
    const { database, now } = this.#dependencies;
    const ended = outcome.is === 'done' ? 'succeeded' : failure === undefined ? undefined : 'failed';
    await updateRun(database, run, {
      output: output.slice(0, MAX_OUTPUT),
      ...(ended === undefined ? {} : { outcome: ended, ended_at: now() }),
    });
  }

  #noteProgress(run: string): (progress: Progress) => void {
    const { database, log } = this.#dependencies;
    let notedMs = Number.NEGATIVE_INFINITY;
    return ({ rows, total = null, isLast }) => {
      if (!isLast && performance.now() - notedMs < NOTE_EVERY_MS) return;
      notedMs = performance.now();
      updateRun(database, run, { rows, total }).catch((error: unknown) =>
        log.debug({ err: error }, 'the progress of a backfill was not noted'),
      );
    };
  }
}

/** Instances that lag, or someone who changes the same, are waited for; anything else needs a person. */
function refusalOf({ code, message }: ApiError): Outcome {
  const passes = ['stage_not_confirmed', 'conflict', 'store_unavailable', 'store_outcome_unknown', 'shutting_down'];
  return passes.includes(code) ? { is: 'waiting', reason: message } : { is: 'failed', reason: message };
}
