import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { refuseUnprotected } from '../changes/protection.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import type { AddressPolicy } from '../egress/address-policy.ts';
import type { Environments } from '../environments/service.ts';
import { ApiError, NameTaken, notFound, validationFailed } from '../http/api-error.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { newId } from '../store/new-id.ts';
import type { Database, EnvironmentRow, Querier } from '../store/tables.ts';
import type { Vault } from '../vault/vault.ts';
import { actionsOf } from './actions.ts';
import { checkDefinition } from './check-definition.ts';
import { describeAction } from './describe-action.ts';
import type { PlanEngine } from './engine.ts';
import { type Floor, floorOf } from './floor.ts';
import { gather, type Surroundings } from './gather.ts';
import { keep, targetOf } from './keep.ts';
import { NotAllowed, next, type PlanFacts, retry, want } from './machine.ts';
import { patchState } from './patch-state.ts';
import { comparePhases, type MigrationPhase, PHASES } from './phase.ts';
import {
  definitionOf,
  givenOf,
  isMoving,
  type MigrationPlan,
  type MigrationRun,
  openSecrets,
  progressOf,
  type Secrets,
  type StoredDefinition,
  sealSecrets,
  stateOf,
  toColumns,
  toPlan,
  toRun,
} from './plan.ts';
import { withReplication } from './replication.ts';
import { deletePlan, findPlan, findPlans, findRuns, insertPlan, type PlacedPlan, savePlan } from './repository.ts';
import type { MigrationCommand, MigrationPlanInput, MigrationPlanPatch, MigrationPreview } from './schemas.ts';
import { findPlanFlag } from './serve-stage.ts';
import { firstState, type PlanState } from './state.ts';

export interface PlanPlace {
  readonly project: string;
  readonly environment: string;
  readonly plan: string;
}

export interface MigrationPlansDependencies extends Surroundings {
  readonly database: Database;
  readonly changes: Changes;
  readonly environments: Environments;
  readonly vault: Vault;
  readonly policy: AddressPolicy;
  readonly engine: Pick<PlanEngine, 'look'>;
  /** Of this server's own database, which plans leave alone. */
  readonly ownUrl: string | undefined;
  readonly now: () => number;
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

/** Plans of database migrations: what people, pipelines and releases do with them. `engine.ts` does the rest. */
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

  /** By key. */
  async list(place: Omit<PlanPlace, 'plan'>, page: PageRequest): Promise<Page<MigrationPlan>> {
    const { database } = this.#dependencies;
    const { cursor, limit = DEFAULT_LIMIT } = page;
    const [afterKey] = readCursor(cursor, ['string']) ?? [];
    const environment = await this.#environment(place);
    const rows = await findPlans(database, environment.id, { afterKey, limit: limit + 1 });
    const found = toPage(rows, limit, ({ key }) => [key]);
    const items: MigrationPlan[] = [];
    for (const plan of found.items) items.push(await this.#show(plan));
    return { ...found, items };
  }

  async get(place: PlanPlace): Promise<MigrationPlan> {
    return this.#show(await this.#find(place));
  }

  async create(
    caller: Caller,
    place: Omit<PlanPlace, 'plan'>,
    { key, database, newDatabase, webhookSecret, ...definition }: Static<typeof MigrationPlanInput>,
  ): Promise<MigrationPlan> {
    const { changes, vault } = this.#dependencies;
    const secrets = { ...definedOf({ database, newDatabase, webhookSecret }) };
    const { result } = await changes.commit(caller, async (draft) => {
      const environment = await this.#environment(place, draft.tx);
      if ((await findPlan(draft.tx, environment.id, key)) !== undefined) {
        throw new NameTaken(`Environment "${environment.key}" has a migration plan "${key}". Choose another key.`);
      }
      const { flagId, databases } = await this.#check(draft.tx, environment, definition as StoredDefinition, secrets);
      const id = newId(draft.atMs);
      const row = {
        ...{ id, environment_id: environment.id, key, flag_id: flagId, definition: JSON.stringify(definition) },
        ...{ databases, secrets: sealSecrets(vault, id, secrets), ...toColumns(firstState(draft.atMs)) },
        ...{ holder: null, held_until: null, version: 1, created_at: draft.atMs, updated_at: draft.atMs },
      };
      await insertPlan(draft.tx, row);
      await draft.audit({
        ...{ action: 'migration-plan.created', project: place.project, environment: environment.key },
        ...{ target: targetOf(key), after: { ...definition, ...JSON.parse(databases) } },
      });
      return { ...row, project: place.project, environment: environment.key };
    });
    return this.#show(result);
  }

  /** @param ifVersion the version that the caller has seen; undefined: whatever it is */
  async update(
    caller: Caller,
    place: PlanPlace,
    { database, newDatabase, webhookSecret, ...patch }: Static<typeof MigrationPlanPatch>,
    ifVersion: number | undefined,
  ): Promise<MigrationPlan> {
    const { changes, vault } = this.#dependencies;
    const { result } = await changes.commit(caller, async (draft) => {
      const environment = await this.#environment(place, draft.tx);
      const plan = await this.#find(place, draft.tx);
      const { key, version } = plan;
      const at = { project: place.project, environment: environment.key, target: targetOf(key) };
      await refuseOutdated(draft.tx, ifVersion, { ...at, version });
      const before = givenOf(plan);
      const definition = { ...before, ...patch } as StoredDefinition;
      const secrets = { ...openSecrets(vault, plan), ...definedOf({ database, newDatabase, webhookSecret }) };
      const { flagId, databases } = await this.#check(draft.tx, environment, definition, secrets);
      const state = allow(() =>
        patchState(definitionOf(plan), withReplication(key, definition), stateOf(plan), draft.atMs),
      );
      const { project: _, environment: __, ...row } = plan;
      const after = {
        ...{ ...row, flag_id: flagId, definition: JSON.stringify(definition), databases },
        ...{ secrets: sealSecrets(vault, plan.id, secrets), ...toColumns(state) },
        ...{ version: version + 1, updated_at: draft.atMs },
      };
      if (!(await savePlan(draft.tx, after)))
        throw new ApiError('conflict', 'The plan has moved on meanwhile: try again.');
      await draft.audit({
        ...{ action: 'migration-plan.updated', ...at },
        before: { ...before, ...JSON.parse(plan.databases) },
        after: { ...definition, ...JSON.parse(databases) },
      });
      return { ...after, project: place.project, environment: environment.key };
    });
    return this.#show(result);
  }

  /** @throws {ApiError} `wrong_state` while it is on its way */
  async delete(caller: Caller, place: PlanPlace): Promise<void> {
    await this.#dependencies.changes.commit(caller, async (draft) => {
      const plan = await this.#find(place, draft.tx);
      if (isMoving(stateOf(plan)))
        throw new ApiError('wrong_state', 'The plan is on its way: send it back or wait first.');
      await deletePlan(draft.tx, plan.id);
      await draft.audit({
        ...{ action: 'migration-plan.deleted', project: plan.project, environment: plan.environment },
        ...{ target: targetOf(plan.key), before: { ...definitionOf(plan), phase: stateOf(plan).phase } },
      });
    });
  }

  /** What going to a phase would do, action by action, and whether it is allowed now. */
  async preview(place: PlanPlace, to: MigrationPhase): Promise<Static<typeof MigrationPreview>> {
    const { database, now } = this.#dependencies;
    const plan = await this.#find(place);
    const [definition, state] = [definitionOf(plan), stateOf(plan)];
    const facts = await gather(database, this.#dependencies, plan, now(), to);
    const [from, target] = [PHASES.indexOf(state.phase), PHASES.indexOf(to)];
    const direction = target >= from ? ('up' as const) : ('down' as const);
    const phases =
      direction === 'up' ? PHASES.slice(from + 1, target + 1) : PHASES.slice(target + 1, from + 1).toReversed();
    const refusal = refusalOf(() => want(definition, state, to, facts));
    return {
      allowed: refusal === undefined,
      refusal: refusal ?? null,
      moves: phases.map((phase) => ({
        ...{ phase, direction },
        actions: actionsOf(definition, { phase, direction }).map(describeAction),
      })),
    };
  }

  /** Newest first. */
  async listRuns(place: PlanPlace, { cursor, limit = DEFAULT_LIMIT }: PageRequest): Promise<Page<MigrationRun>> {
    const position = readCursor(cursor, ['number', 'string']);
    const before = position && { startedAt: position[0], id: position[1] };
    const { id } = await this.#find(place);
    const rows = await findRuns(this.#dependencies.database, id, { before, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.started_at, row.id]);
    return { ...page, items: page.items.map(toRun) };
  }

  /**
   * Does what a person or pipeline wants. Where an environment wants approvals, what goes forward is a release, which is
   * approved as a whole; back goes anyone.
   */
  async command(caller: Caller, place: PlanPlace, command: Static<typeof MigrationCommand>): Promise<MigrationPlan> {
    await this.#dependencies.changes.commit(caller, async (draft) => {
      const plan = await this.#find(place, draft.tx);
      const state = stateOf(plan);
      if (command.command === 'go') {
        if (comparePhases(command.to, state.phase) > 0) await this.#refuseUnapproved(draft, caller, plan);
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
    await this.#dependencies.engine.look();
    return this.get(place);
  }

  async #refuseUnapproved(
    draft: Draft,
    caller: Caller,
    { project, environment, environment_id }: PlacedPlan,
  ): Promise<void> {
    const { environment: row } = await this.#dependencies.environments.find(project, environment, draft.tx);
    const bypass = await refuseUnprotected(draft.tx, caller, { ...row, id: environment_id }, false, draft.atMs);
    if (bypass === undefined) return;
    const { obstacles, ...place } = bypass;
    await draft.audit({
      ...{ action: 'environment.glass-broken', ...place, target: { kind: 'environment', key: place.environment } },
      after: { break_glass: true, obstacles, reason: caller.comment },
    });
  }

  /** @throws {ApiError} `validation_failed` with all that cannot work */
  async #check(
    db: Querier,
    environment: EnvironmentRow,
    definition: StoredDefinition,
    secrets: Secrets,
  ): Promise<{ readonly flagId: string | null; readonly databases: string }> {
    const { policy, ownUrl } = this.#dependencies;
    const { problems, flagId, databases } = await checkDefinition(db, {
      environment,
      definition,
      secrets,
      policy,
      ownUrl,
    });
    if (problems.length > 0) throw validationFailed(problems);
    return { flagId, databases: JSON.stringify(databases) };
  }

  async #show(plan: PlacedPlan): Promise<MigrationPlan> {
    const { database, now } = this.#dependencies;
    const state = stateOf(plan);
    const facts = await gather(database, this.#dependencies, plan, now());
    const [latest] = await findRuns(database, plan.id, { limit: 1 });
    const flag = await findPlanFlag(database, plan);
    return toPlan(plan, flag?.row.key ?? definitionOf(plan).flag, { waiting: waitingOf(plan, state, facts), latest });
  }

  async #environment(place: Omit<PlanPlace, 'plan'>, db?: Querier): Promise<EnvironmentRow> {
    const { environments, database } = this.#dependencies;
    return (await environments.find(place.project, place.environment, db ?? database)).environment;
  }

  async #find(place: PlanPlace, db: Querier = this.#dependencies.database): Promise<PlacedPlan> {
    const environment = await this.#environment(place, db);
    const plan = await findPlan(db, environment.id, place.plan);
    if (plan === undefined) throw notFound(`migration plan "${place.plan}" in environment "${place.environment}"`);
    return plan;
  }
}

function waitingOf(plan: PlacedPlan, state: PlanState, facts: PlanFacts): string[] {
  const what = next(definitionOf(plan), state, facts, () => '');
  const why = what.do === 'rest' ? what.waiting : [];
  return [...why, ...(state.waiting === undefined || why.includes(state.waiting) ? [] : [state.waiting])];
}

/** @throws {ApiError} `wrong_state` */
function allow<T>(change: () => T): T {
  try {
    return change();
  } catch (error) {
    if (error instanceof NotAllowed) throw new ApiError('wrong_state', error.message);
    throw error;
  }
}

function refusalOf(change: () => unknown): string | undefined {
  try {
    change();
    return undefined;
  } catch (error) {
    if (error instanceof NotAllowed) return error.message;
    throw error;
  }
}

function definedOf(secrets: { readonly [Name in keyof Secrets]: string | undefined }): Secrets {
  return Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== undefined));
}
