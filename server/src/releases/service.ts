import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import { findEnvironments } from '../environments/repository.ts';
import { requireProject } from '../environments/service.ts';
import type { FlagPlace } from '../flags/targeting-service.ts';
import type { ReleaseLintSchema } from '../gates/run-schemas.ts';
import type { Trials } from '../gates/trials.ts';
import { notFound } from '../http/api-error.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import type { MigrationPlans } from '../migration-plans/service.ts';
import type { Database } from '../store/tables.ts';
import type { TrafficTargets } from '../traffic/targets.ts';
import { type Command, obey } from './command.ts';
import { editDraft } from './edit-draft.ts';
import type { ReleaseEngine } from './engine.ts';
import { gather, type Surroundings } from './gather.ts';
import { keep } from './keep.ts';
import { findSeen } from './leases.ts';
import { lintDraft } from './lint-draft.ts';
import { next } from './machine.ts';
import { makeDraft } from './make-draft.ts';
import { refuseUnpermitted } from './permission.ts';
import { FORWARD } from './phase.ts';
import { findPlaced, place, type ReleasePlace } from './placed.ts';
import { obeyOrRefuse, readStart, toCommand, type Wanted } from './read-command.ts';
import { type Release, type ReleaseDecision, specOf, stateOf, toDecision, toRelease } from './release.ts';
import { findDecisions, findReleaseOfFlag, findReleases, type PlacedRelease } from './repository.ts';
import type { ReleaseInput, ReleaseQuery } from './schemas.ts';
import type { Pause } from './state.ts';
import { supersede } from './supersede.ts';
import { findPointsOfNoReturn } from './ways-back.ts';

export interface ReleasesDependencies extends Surroundings {
  readonly database: Database;
  readonly changes: Changes;
  readonly trials: Pick<Trials, 'lint'>;
  readonly plans: Pick<MigrationPlans, 'facts' | 'want' | 'floors'>;
  readonly engine: Pick<ReleaseEngine, 'lookAt'>;
  readonly targets: Pick<TrafficTargets, 'open'>;
  readonly now: () => number;
}

/** What people and pipelines do with releases: `engine.ts` does the rest. */
export class Releases {
  readonly #dependencies: ReleasesDependencies;

  constructor(dependencies: ReleasesDependencies) {
    this.#dependencies = dependencies;
  }

  /** Newest first. */
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
    return findPlaced(this.#dependencies.database, at);
  }

  async get(at: ReleasePlace): Promise<Release> {
    return this.#show(await findPlaced(this.#dependencies.database, at));
  }

  /** What was decided about it, newest first. */
  async listDecisions(
    at: ReleasePlace,
    { cursor, limit = DEFAULT_LIMIT }: PageRequest,
  ): Promise<Page<ReleaseDecision>> {
    const [beforeId] = readCursor(cursor, ['string']) ?? [];
    const { id } = await findPlaced(this.#dependencies.database, at);
    const rows = await findDecisions(this.#dependencies.database, id, { beforeId, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.id]);
    return { ...page, items: page.items.map(toDecision) };
  }

  /** What a release could see on its way, with the traffic that there is, and all for which it would be refused. */
  lint(
    caller: Caller,
    projectKey: string,
    input: Static<typeof ReleaseInput>,
  ): Promise<Static<typeof ReleaseLintSchema>> {
    requirePermission(caller, 'release:write', { project: projectKey, environment: input.environment });
    return lintDraft(this.#dependencies, projectKey, input);
  }

  /** Makes a draft: nothing is begun. */
  async create(caller: Caller, projectKey: string, input: Static<typeof ReleaseInput>): Promise<Release> {
    return this.#show(await makeDraft(this.#dependencies, caller, projectKey, input));
  }

  /** Makes something else of a draft. @param ifVersion the version that the caller has seen; undefined: whatever it is */
  async edit(
    caller: Caller,
    at: ReleasePlace,
    input: Static<typeof ReleaseInput>,
    ifVersion: number | undefined,
  ): Promise<Release> {
    await editDraft(this.#dependencies, caller, at, input, ifVersion);
    return this.get(at);
  }

  /**
   * Does what a person or pipeline wants, and what follows from it at once.
   * @param ifVersion the version that the caller has seen; undefined: whatever it is
   * @throws {ApiError} `wrong_state` when the release cannot do that now; `approval_required`; `conflict`
   */
  async command(caller: Caller, at: ReleasePlace, input: Wanted, ifVersion?: number): Promise<Release> {
    const { changes, engine } = this.#dependencies;
    const { result } = await changes.commit(caller, async (draft) => {
      const release = await findPlaced(draft.tx, at);
      const { project, environment, version } = release;
      const target = { kind: 'release', key: release.id };
      await refuseOutdated(draft.tx, ifVersion, { project, environment, target, version });
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
