import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { notFound } from '../http/api-error.ts';
import type { Querier } from '../store/tables.ts';
import { allow } from './allow.ts';
import type { PlanEngine } from './engine.ts';
import { type Floor, floorOf } from './floor.ts';
import { gather } from './gather.ts';
import { keep } from './keep.ts';
import { retry, want } from './machine.ts';
import { comparePhases, type MigrationPhase } from './phase.ts';
import { definitionOf, isMoving, type MigrationPlan, progressOf, stateOf } from './plan.ts';
import { refuseHeld } from './refuse-held.ts';
import { refuseUnapproved } from './refuse-unapproved.ts';
import { findPlan, findRuns } from './repository.ts';
import type { MigrationCommand } from './schemas.ts';
import type { PlanState } from './state.ts';
import type { PlanPlace, PlanViews, PlanViewsDependencies } from './views.ts';

export interface MigrationPlansDependencies extends PlanViewsDependencies {
  readonly changes: Changes;
  readonly engine: Pick<PlanEngine, 'look'>;
  readonly views: PlanViews;
}

/** Where a plan is, for releases. */
export interface MigrationFacts {
  readonly phase: MigrationPhase;
  readonly isMoving: boolean;
  readonly progress?: { readonly done: number; readonly total: number | null };
  /** Why it does not go on until someone does something. */
  readonly problem?: string;
  /** The earliest phase that one may go back to, and why not further. */
  readonly floor: MigrationPhase;
  readonly floorReason?: string;
}

/** What people, pipelines and releases want of plans: `engine.ts` does the rest. */
export class MigrationPlans {
  readonly #dependencies: MigrationPlansDependencies;

  constructor(dependencies: MigrationPlansDependencies) {
    this.#dependencies = dependencies;
  }

  /** Undefined: there is no such plan. */
  async facts(
    environmentId: string,
    key: string,
    db: Querier = this.#dependencies.database,
  ): Promise<MigrationFacts | undefined> {
    const plan = await findPlan(db, environmentId, key);
    if (plan === undefined) return undefined;
    const state = stateOf(plan);
    const floor = floorOf(definitionOf(plan), state);
    const [latest] = await findRuns(db, plan.id, { limit: 1 });
    const progress = progressOf(state, latest);
    const { failure, pause } = state;
    const problem = failure?.reason ?? (pause && `Paused by ${pause.by}: ${pause.reason}`);
    return {
      ...{ phase: state.phase, isMoving: isMoving(state), floor: floor.phase },
      ...(progress === undefined ? {} : { progress }),
      ...(problem === undefined ? {} : { problem }),
      ...(floor.reason === undefined ? {} : { floorReason: floor.reason }),
    };
  }

  /** How far back a plan may go from each of these phases, in their order; undefined: there is no such plan. */
  async floors(
    environmentId: string,
    key: string,
    phases: readonly MigrationPhase[],
    db: Querier = this.#dependencies.database,
  ): Promise<readonly Floor[] | undefined> {
    const plan = await findPlan(db, environmentId, key);
    return plan && phases.map((phase) => floorOf(definitionOf(plan), { phase, move: undefined }));
  }

  /**
   * Sends a plan to a phase; its engine goes there, phase by phase. What is wanted already changes nothing.
   * @throws {ApiError} `wrong_state` with the reason where it is not allowed, `not_found`
   */
  async want(draft: Draft, environmentId: string, key: string, phase: MigrationPhase, by: Caller): Promise<void> {
    const plan = await findPlan(draft.tx, environmentId, key);
    if (plan === undefined) throw notFound(`migration plan "${key}"`);
    const facts = await gather(draft.tx, this.#dependencies, plan, draft.atMs, phase);
    const before = stateOf(plan);
    const after = allow(() => want(definitionOf(plan), before, phase, facts));
    if (after !== before) await keep(draft, plan, after, `${by.actor.name} wants ${phase}.`);
  }

  /**
   * Does what a person or pipeline wants. Where an environment wants approvals, what goes forward is a release, which is
   * approved as a whole; back goes anyone.
   */
  async command(caller: Caller, place: PlanPlace, command: Static<typeof MigrationCommand>): Promise<MigrationPlan> {
    const { changes, engine, views } = this.#dependencies;
    await changes.commit(caller, async (draft) => {
      const plan = await views.find(place, draft.tx);
      const state = stateOf(plan);
      if (command.command === 'go') {
        await refuseHeld(draft.tx, plan);
        if (comparePhases(command.to, state.phase) > 0) await refuseUnapproved(draft, caller, plan);
        return this.want(draft, plan.environment_id, plan.key, command.to, caller);
      }
      const { name } = caller.actor;
      const at = { by: name, atMs: draft.atMs };
      const after: PlanState =
        command.command === 'pause'
          ? { ...state, pause: { ...at, reason: command.reason } }
          : command.command === 'resume'
            ? { ...state, pause: undefined }
            : allow(() => retry(state, draft.atMs));
      const said = { pause: 'paused it', resume: 'resumed it', retry: 'has it tried again' }[command.command];
      await keep(draft, plan, after, `${name} ${said}.`);
    });
    await engine.look();
    return views.get(place);
  }
}
