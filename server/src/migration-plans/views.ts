import type { Static } from '@sinclair/typebox';
import type { Environments } from '../environments/service.ts';
import { notFound } from '../http/api-error.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { findHeldBy } from '../releases/held-by.ts';
import type { EnvironmentRow } from '../store/tables/flags.ts';
import type { Database, Querier } from '../store/tables.ts';
import { actionsOf } from './actions.ts';
import { describeAction } from './describe-action.ts';
import { gather, type Surroundings } from './gather.ts';
import { NotAllowed, next, type PlanFacts, want } from './machine.ts';
import { type MigrationPhase, PHASES } from './phase.ts';
import { definitionOf, type MigrationPlan, type MigrationRun, stateOf, toPlan, toRun } from './plan.ts';
import { findPlan, findPlans, findRuns, type PlacedPlan } from './repository.ts';
import type { MigrationPreview } from './schemas.ts';
import { findPlanFlag } from './serve-stage.ts';
import type { PlanState } from './state.ts';

export interface PlanPlace {
  readonly project: string;
  readonly environment: string;
  readonly plan: string;
}

export interface PlanViewsDependencies extends Surroundings {
  readonly database: Database;
  readonly environments: Environments;
  readonly now: () => number;
}

/** Plans as people see them. */
export class PlanViews {
  readonly #dependencies: PlanViewsDependencies;

  constructor(dependencies: PlanViewsDependencies) {
    this.#dependencies = dependencies;
  }

  /** By key. */
  async list(place: Omit<PlanPlace, 'plan'>, page: PageRequest): Promise<Page<MigrationPlan>> {
    const { database } = this.#dependencies;
    const { cursor, limit = DEFAULT_LIMIT } = page;
    const [afterKey] = readCursor(cursor, ['string']) ?? [];
    const environment = await this.environment(place);
    const rows = await findPlans(database, environment.id, { afterKey, limit: limit + 1 });
    const found = toPage(rows, limit, ({ key }) => [key]);
    const items: MigrationPlan[] = [];
    for (const plan of found.items) items.push(await this.show(plan));
    return { ...found, items };
  }

  async get(place: PlanPlace): Promise<MigrationPlan> {
    return this.show(await this.find(place));
  }

  /** What going to a phase would do, action by action, and whether it is allowed now. */
  async preview(place: PlanPlace, to: MigrationPhase): Promise<Static<typeof MigrationPreview>> {
    const { database, now } = this.#dependencies;
    const plan = await this.find(place);
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
    const { id } = await this.find(place);
    const rows = await findRuns(this.#dependencies.database, id, { before, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.started_at, row.id]);
    return { ...page, items: page.items.map(toRun) };
  }

  async show(plan: PlacedPlan): Promise<MigrationPlan> {
    const { database, now } = this.#dependencies;
    const state = stateOf(plan);
    const facts = await gather(database, this.#dependencies, plan, now());
    const [latest] = await findRuns(database, plan.id, { limit: 1 });
    const flag = await findPlanFlag(database, plan);
    const release = await findHeldBy(database, plan.environment_id, `migration:${plan.key}`);
    const waiting = waitingOf(plan, state, facts);
    return toPlan(plan, flag?.row.key ?? definitionOf(plan).flag, { waiting, latest, release });
  }

  async environment(place: Omit<PlanPlace, 'plan'>, db?: Querier): Promise<EnvironmentRow> {
    const { environments, database } = this.#dependencies;
    return (await environments.find(place.project, place.environment, db ?? database)).environment;
  }

  async find(place: PlanPlace, db: Querier = this.#dependencies.database): Promise<PlacedPlan> {
    const environment = await this.environment(place, db);
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

function refusalOf(change: () => unknown): string | undefined {
  try {
    change();
    return undefined;
  } catch (error) {
    if (error instanceof NotAllowed) return error.message;
    throw error;
  }
}
