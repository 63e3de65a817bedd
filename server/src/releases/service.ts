import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { findEnvironments } from '../environments/repository.ts';
import { requireProject } from '../environments/service.ts';
import type { FlagPlace } from '../flags/targeting-service.ts';
import { sourcesOfGates } from '../gates/check-gates.ts';
import type { ReleaseLintSchema } from '../gates/run-schemas.ts';
import { DEFAULT_OBJECTIVE, type Trials } from '../gates/trials.ts';
import { ApiError, notFound, type Problem, validationFailed } from '../http/api-error.ts';
import { readMoment } from '../http/moment.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import type { MigrationPlans } from '../migration-plans/service.ts';
import { findDataSource } from '../prometheus/repository.ts';
import { newId } from '../store/new-id.ts';
import type { Database, EnvironmentRow, ProjectRow, Querier } from '../store/tables.ts';
import type { TrafficTargets } from '../traffic/targets.ts';
import { problemsOfSpec, refuseUnworkable } from './check-spec.ts';
import { refuseUnfit } from './check-target.ts';
import { collectProblems } from './collect-problems.ts';
import { type Command, obey, WrongMoment } from './command.ts';
import { completeStages } from './complete-stages.ts';
import type { ReleaseEngine } from './engine.ts';
import { findHeld } from './find-held.ts';
import { type Gathered, gather, type Surroundings } from './gather.ts';
import { keep } from './keep.ts';
import { findSeen } from './leases.ts';
import { next } from './machine.ts';
import { refuseUnpermitted } from './permission.ts';
import { FORWARD, type Phase } from './phase.ts';
import {
  type Release,
  type ReleaseDecision,
  type StoredSpec,
  specOf,
  stateOf,
  toDecision,
  toRelease,
} from './release.ts';
import {
  findDecisions,
  findRelease,
  findReleaseOfFlag,
  findReleases,
  insertRelease,
  type PlacedRelease,
} from './repository.ts';
import type { ReleaseCommandInput, ReleaseInput, ReleaseQuery } from './schemas.ts';
import type { Spec, Stage } from './spec.ts';
import { FIRST_STATE, type ManualShares, type Pause } from './state.ts';
import { supersede } from './supersede.ts';
import { findPointsOfNoReturn, refuseUnplanned } from './ways-back.ts';

export interface ReleasePlace {
  readonly project: string;
  readonly release: string;
}

export interface ReleasesDependencies extends Surroundings {
  readonly database: Database;
  readonly changes: Changes;
  readonly trials: Pick<Trials, 'lint'>;
  readonly plans: Pick<MigrationPlans, 'facts' | 'want' | 'floors'>;
  readonly engine: Pick<ReleaseEngine, 'lookAt'>;
  readonly targets: Pick<TrafficTargets, 'open'>;
  readonly now: () => number;
}

type Wanted = ReleaseCommandInput | { readonly command: 'approve' };

const DEFAULT_STAGES: readonly Stage[] = [5_000, 20_000, 50_000, 100_000].map((flagsPer100k) => ({
  flagsPer100k,
  soakSeconds: 600,
}));
const DEFAULT_BAKE_SECONDS = 600;
const DEFAULT_ROLLBACK_WINDOW_SECONDS = 7 * 86_400;

/** What people and pipelines do with releases: `engine.ts` does the rest. */
export class Releases {
  readonly #dependencies: ReleasesDependencies;

  constructor(dependencies: ReleasesDependencies) {
    this.#dependencies = dependencies;
  }

  /** Newest first; those of environments whose releases the caller may read. */
  async list(
    projectKey: string,
    { environment: key, cursor, limit = DEFAULT_LIMIT, ...narrowed }: Static<typeof ReleaseQuery>,
  ): Promise<Page<Release>> {
    const { database } = this.#dependencies;
    const [beforeId] = readCursor(cursor, ['string']) ?? [];
    const project = await requireProject(database, projectKey);
    const environments = await findEnvironments(database, [project.id]);
    const environment = environments.find((candidate) => candidate.key === key);
    if (key !== undefined && environment === undefined) {
      throw notFound(`environment "${key}" in project "${projectKey}"`);
    }
    const filter = { ...narrowed, environmentId: environment?.id, beforeId, limit: limit + 1 };
    const rows = await findReleases(database, project.id, filter);
    const page = toPage(rows, limit, ({ id }) => [id]);
    const items: Release[] = [];
    for (const row of page.items) items.push(await this.#show(place(row, projectKey, environments)));
    return { ...page, items };
  }

  /** As it is stored. @throws {ApiError} `not_found` */
  find(at: ReleasePlace): Promise<PlacedRelease> {
    return find(this.#dependencies.database, at);
  }

  async get(at: ReleasePlace): Promise<Release> {
    return this.#show(await find(this.#dependencies.database, at));
  }

  /** What was decided about it, newest first. */
  async listDecisions(
    at: ReleasePlace,
    { cursor, limit = DEFAULT_LIMIT }: PageRequest,
  ): Promise<Page<ReleaseDecision>> {
    const [beforeId] = readCursor(cursor, ['string']) ?? [];
    const { id } = await find(this.#dependencies.database, at);
    const rows = await findDecisions(this.#dependencies.database, id, { beforeId, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.id]);
    return { ...page, items: page.items.map(toDecision) };
  }

  /** What a release could see on its way, with the traffic that there is, and all for which it would be refused. */
  async lint(
    caller: Caller,
    projectKey: string,
    input: Static<typeof ReleaseInput>,
  ): Promise<Static<typeof ReleaseLintSchema>> {
    const { environment: key } = input;
    requirePermission(caller, 'release:write', { project: projectKey, environment: key });
    const spec = readSpec(input);
    const { database, targets, plans, trials } = this.#dependencies;
    const project = await requireProject(database, projectKey);
    const environment = await requireEnvironment(database, project, key);
    const refused = await collectProblems([
      () => refuseUnfit(targets, environment, spec),
      () => refuseUnread(database, project.id, spec),
      () => refuseUnplanned(database, plans, environment, spec),
      () => findHeld(database, project, environment, spec.flags),
    ]);
    const unworkable = problemsOfSpec(spec);
    const seen =
      unworkable.length === 0
        ? await trials.lint({ project: projectKey, environment: key }, spec)
        : { stages: [], falseAbortRisk: null, budgetShare: 0, objective: DEFAULT_OBJECTIVE, problems: unworkable };
    const pointsOfNoReturn = await findPointsOfNoReturn(database, plans, environment.id, spec);
    return { ...seen, pointsOfNoReturn, problems: [...refused, ...seen.problems] };
  }

  /** Makes a draft: nothing is begun. */
  async create(caller: Caller, projectKey: string, input: Static<typeof ReleaseInput>): Promise<Release> {
    requirePermission(caller, 'release:write', { project: projectKey, environment: input.environment });
    const { title, environment: environmentKey, flags = [] } = input;
    const written = toSpec(input);
    const { database, targets } = this.#dependencies;
    const found = await requireEnvironment(database, await requireProject(database, projectKey), environmentKey);
    // Before the transaction: targets are outside.
    await refuseUnfit(targets, found, written);
    await this.#refuseBlind({ project: projectKey, environment: environmentKey }, written);
    const { result } = await this.#dependencies.changes.commit(caller, async (draft) => {
      const project = await requireProject(draft.tx, projectKey);
      const environment = await requireEnvironment(draft.tx, project, environmentKey);
      await refuseUnread(draft.tx, project.id, written);
      await refuseUnplanned(draft.tx, this.#dependencies.plans, environment, written);
      const held = await findHeld(draft.tx, project, environment, flags);
      const spec: StoredSpec = { ...written, flags: held };
      const row = {
        id: newId(draft.atMs),
        project_id: project.id,
        environment_id: environment.id,
        title,
        spec: JSON.stringify(spec),
        state: JSON.stringify(FIRST_STATE),
        phase: FIRST_STATE.phase,
        starts_at: null,
        created_by: JSON.stringify(caller.actor),
        version: 1,
        created_at: draft.atMs,
        updated_at: draft.atMs,
      };
      await insertRelease(draft.tx, row);
      const placed = { ...row, project: projectKey, environment: environment.key };
      await draft.audit({
        action: 'release.created',
        ...{ project: projectKey, environment: environment.key, target: { kind: 'release', key: row.id } },
        after: { title, ...spec },
      });
      return placed;
    });
    return this.#show(result);
  }

  /**
   * Does what a person or pipeline wants, and what follows from it at once.
   * @throws {ApiError} `wrong_state` when the release cannot do that now; `approval_required`; `conflict`
   */
  async command(caller: Caller, at: ReleasePlace, input: Wanted): Promise<Release> {
    const { changes, engine } = this.#dependencies;
    const { result } = await changes.commit(caller, async (draft) => {
      const release = await find(draft.tx, at);
      const seen = await findSeen(draft.tx, release.id);
      const gathered = await gather(draft.tx, this.#dependencies, release, draft.atMs, seen);
      const isUnapproved = await refuseUnpermitted(draft, caller, release, input.command, gathered.facts);
      const step = obeyOrRefuse(release, toCommand(caller, input, isUnapproved), gathered);
      if (step.decision === undefined) return undefined;
      const startsAt = input.command === 'schedule' ? { starts_at: readStart(input.at, draft.atMs) } : {};
      if (input.command === 'start' && input.supersede === true) {
        await supersede(draft, this.#dependencies, caller, release);
      }
      return keep(draft, this.#dependencies, caller, release, gathered, step, startsAt);
    });
    const isUrgent = input.command === 'abort' || input.command === 'rollback';
    if (result !== undefined) await engine.lookAt(result.id, isUrgent);
    return this.get(at);
  }

  /**
   * Stops the release that a flag is in, if any, where it is: nobody moves.
   * @returns whether there is one that can be stopped
   */
  hold(caller: Caller, flag: FlagPlace, pause: Omit<Pause, 'sinceMs'>): Promise<boolean> {
    return this.#steer(caller, flag, { name: 'pause', pause });
  }

  /** Ends the pause of this id. @returns whether there was one */
  lift(caller: Caller, flag: FlagPlace, pause: string): Promise<boolean> {
    return this.#steer(caller, flag, { name: 'lift', pause });
  }

  /** Sends the release that a flag is in back. @returns whether there is one that led forward */
  async abort(caller: Caller, flag: FlagPlace, reason: string): Promise<boolean> {
    return this.#steer(caller, flag, { name: 'abort', reason });
  }

  async #steer(caller: Caller, flag: FlagPlace, command: Command): Promise<boolean> {
    const { changes } = this.#dependencies;
    const { result } = await changes.commit(caller, async (draft) => {
      const release = await findReleaseOfFlag(draft.tx, flag);
      if (release === undefined || !FORWARD.includes(stateOf(release).phase)) return undefined;
      const gathered = await gather(draft.tx, this.#dependencies, release, draft.atMs);
      const step = obey(specOf(release), stateOf(release), command, gathered.facts);
      if (step.decision !== undefined) await keep(draft, this.#dependencies, caller, release, gathered, step);
      return step.decision !== undefined || command.name === 'pause' ? release.id : undefined;
    });
    if (result !== undefined && command.name === 'abort') await this.#dependencies.engine.lookAt(result, true);
    return result !== undefined;
  }

  /** @throws {ApiError} `validation_failed` where a stage has gates, and none of them can see anything */
  async #refuseBlind(place: { readonly project: string; readonly environment: string }, spec: Spec): Promise<void> {
    const { problems } = await this.#dependencies.trials.lint(place, spec);
    if (problems.length > 0) throw validationFailed(problems);
  }

  async #show(release: PlacedRelease): Promise<Release> {
    const { database, plans, now } = this.#dependencies;
    const { facts } = await gather(database, this.#dependencies, release, now(), await findSeen(database, release.id));
    const spec = specOf(release);
    const { waiting } = next(spec, stateOf(release), facts);
    return toRelease(
      release,
      facts,
      waiting,
      await findPointsOfNoReturn(database, plans, release.environment_id, spec),
    );
  }
}

/** @throws {ApiError} `validation_failed` where it can never work */
function toSpec(input: Static<typeof ReleaseInput>): Spec {
  const spec = readSpec(input);
  refuseUnworkable(spec);
  return spec;
}

/** With all that was left out filled in. */
function readSpec({ title: _, environment: __, ...input }: Static<typeof ReleaseInput>): Spec {
  const { stages = DEFAULT_STAGES, flags = [], ...rest } = input;
  return {
    bakeSeconds: DEFAULT_BAKE_SECONDS,
    rollbackWindowSeconds: DEFAULT_ROLLBACK_WINDOW_SECONDS,
    ...rest,
    flags,
    stages: completeStages(input, stages),
  };
}

/** @throws {ApiError} `not_found` */
async function requireEnvironment(db: Querier, { id, key: project }: ProjectRow, key: string): Promise<EnvironmentRow> {
  const environment = (await findEnvironments(db, [id])).find((candidate) => candidate.key === key);
  if (environment === undefined) throw notFound(`environment "${key}" in project "${project}"`);
  return environment;
}

async function find(db: Querier, { project: projectKey, release: id }: ReleasePlace): Promise<PlacedRelease> {
  const project = await requireProject(db, projectKey);
  const row = await findRelease(db, project.id, id);
  if (row === undefined) throw notFound(`release "${id}" in project "${projectKey}"`);
  return place(row, projectKey, await findEnvironments(db, [project.id]));
}

function place(
  row: Omit<PlacedRelease, 'project' | 'environment'>,
  project: string,
  environments: readonly EnvironmentRow[],
): PlacedRelease {
  const environment = environments.find(({ id }) => id === row.environment_id);
  if (environment === undefined) throw new Error(`release ${row.id} is in no environment`);
  return { ...row, project, environment: environment.key };
}

function toCommand({ actor }: Caller, input: Wanted, isUnapproved: boolean): Command {
  switch (input.command) {
    case 'pause':
      return { name: 'pause', pause: { id: actor.id, cause: 'person', by: actor.name, reason: input.reason } };
    case 'abort':
      return { name: 'abort', reason: input.reason };
    case 'rollback':
      return { name: 'rollback', reason: input.reason, ...(input.gradual && { gradual: input.gradual }) };
    case 'schedule':
      return { name: 'schedule', ...(isUnapproved && { isUnapproved }) };
    case 'start':
      return { name: 'start', ...(input.supersede === true && { takesOver: true }) };
    case 'retry':
      return { name: 'retry', ...(input.stage !== undefined && { stage: input.stage }) };
    case 'approve':
      return { name: 'approve', by: actor.id };
    case 'set_weight':
      return { name: 'set_weight', by: actor.name, ...sharesOf(input) };
    default:
      return { name: input.command };
  }
}

function sharesOf({ flagsPer100k, trafficPer100k }: ManualShares): ManualShares {
  return {
    ...(flagsPer100k === undefined ? {} : { flagsPer100k }),
    ...(trafficPer100k === undefined ? {} : { trafficPer100k }),
  };
}

function obeyOrRefuse(release: PlacedRelease, command: Command, { facts }: Gathered) {
  try {
    return obey(specOf(release), stateOf(release), command, facts);
  } catch (error) {
    if (!(error instanceof WrongMoment)) throw error;
    throw new ApiError('wrong_state', error.message, { phase: release.phase satisfies string as Phase });
  }
}

/** @throws {ApiError} `validation_failed` where a gate reads what is not there */
async function refuseUnread(db: Querier, projectId: string, spec: Spec): Promise<void> {
  const problems: Problem[] = [];
  for (const { path, source } of sourcesOfGates(spec)) {
    if ((await findDataSource(db, projectId, source)) !== undefined) continue;
    problems.push({ path, message: `there is no data source "${source}" in this project: make it first` });
  }
  if (problems.length > 0) throw validationFailed(problems);
}

/** @throws {ApiError} `validation_failed` */
function readStart(at: string, nowMs: number): number {
  const atMs = readMoment(at, 'at');
  if (atMs > nowMs) return atMs;
  throw validationFailed([{ path: 'at', message: 'has passed; start it now, or choose a later time' }]);
}
