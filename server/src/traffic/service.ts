import { isDeepStrictEqual } from 'node:util';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import type { EnvironmentPlace, Environments } from '../environments/service.ts';
import { ApiError, notFound, validationFailed } from '../http/api-error.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { findHeldBy } from '../releases/held-by.ts';
import { BACKWARD, type Phase } from '../releases/phase.ts';
import { findHolder } from '../releases/repository.ts';
import { newId } from '../store/new-id.ts';
import type { TrafficTargetRow } from '../store/tables/releases.ts';
import type { Querier } from '../store/tables.ts';
import { deleteTarget, findTarget, findTargets, insertTarget, updateTarget } from './repository.ts';
import type { GivenTarget, TrafficState, TrafficTest } from './schemas.ts';
import { sealSecrets, type TrafficTargetView, toView } from './stored-target.ts';
import type { TrafficTargets, TrafficTargetsDependencies } from './targets.ts';
import { giveBack, showState, tryOut } from './try-out.ts';

export interface TrafficPlace {
  readonly project: string;
  readonly environment: string;
}
export interface TargetPlace extends TrafficPlace {
  readonly target: string;
}

const MAX_OF_ENVIRONMENT = 100;

export interface TrafficEditorDependencies extends TrafficTargetsDependencies {
  readonly changes: Changes;
  readonly environments: Environments;
  readonly targets: TrafficTargets;
}

/** What people do with traffic targets; releases steer them. */
export class TrafficEditor {
  readonly #dependencies: TrafficEditorDependencies;

  constructor(dependencies: TrafficEditorDependencies) {
    this.#dependencies = dependencies;
  }

  /** By key. */
  async list(place: TrafficPlace, { cursor, limit = DEFAULT_LIMIT }: PageRequest): Promise<Page<TrafficTargetView>> {
    const { database, environments } = this.#dependencies;
    const [afterKey] = readCursor(cursor, ['string']) ?? [];
    const { environment } = await environments.find(place.project, place.environment);
    const rows = await findTargets(database, environment.id, { afterKey, limit: limit + 1 });
    const page = toPage(rows, limit, ({ key }) => [key]);
    return { ...page, items: page.items.map(toView) };
  }

  async get(place: TargetPlace): Promise<TrafficTargetView> {
    return toView((await this.#find(place)).row);
  }

  /**
   * Makes it, or replaces it.
   * @param ifVersion the version that the caller has seen; undefined: whatever it is
   */
  async put(
    caller: Caller,
    place: TargetPlace,
    given: GivenTarget,
    ifVersion: number | undefined,
  ): Promise<{ readonly view: TrafficTargetView; readonly isNew: boolean }> {
    const { changes, environments } = this.#dependencies;
    this.#check(place.project, given);
    const { result } = await changes.commit(caller, async (draft) => {
      const { environment } = await environments.find(place.project, place.environment, draft.tx);
      const before = await findTarget(draft.tx, environment.id, place.target);
      if (before === undefined) await refuseTooMany(draft.tx, environment.id);
      const at = { project: place.project, environment: place.environment, target: targetOf(place) };
      await refuseOutdated(draft.tx, ifVersion, { ...at, version: before?.version ?? 0 });
      const isElsewhere =
        before !== undefined &&
        !(before.kind === given.kind && isDeepStrictEqual(JSON.parse(before.settings), given.settings));
      // A load balancer that has moved must not keep a release from its way back.
      if (isElsewhere) await refuseHeld(draft.tx, environment.id, place, BACKWARD);
      const row: TrafficTargetRow = {
        ...(before ?? {
          id: newId(draft.atMs),
          environment_id: environment.id,
          key: place.target,
          created_at: draft.atMs,
        }),
        ...{ name: given.name, kind: given.kind, settings: JSON.stringify(given.settings), secrets: null },
        ...{ version: (before?.version ?? 0) + 1, updated_at: draft.atMs },
      };
      row.secrets = this.#secretsOf(row, given, before, isElsewhere);
      await (before === undefined ? insertTarget : updateTarget)(draft.tx, row);
      await draft.audit({
        ...{ action: before === undefined ? 'traffic-target.created' : 'traffic-target.updated', ...at },
        ...(before === undefined ? {} : { before: toView(before) }),
        after: toView(row),
      });
      return { view: toView(row), isNew: before === undefined };
    });
    return result;
  }

  async delete(caller: Caller, place: TargetPlace): Promise<void> {
    await this.#dependencies.changes.commit(caller, async (draft) => {
      const { environment, row } = await this.#find(place, draft.tx);
      await refuseHeld(draft.tx, environment.id, place);
      await deleteTarget(draft.tx, row.id);
      await draft.audit({
        ...{ action: 'traffic-target.deleted', project: place.project, environment: place.environment },
        ...{ target: targetOf(place), before: toView(row) },
      });
    });
  }

  /** What it says of itself now, and what steers it. */
  async state(place: TargetPlace): Promise<TrafficState> {
    const { database, targets } = this.#dependencies;
    const { environment, row } = await this.#find(place);
    const release = await findHeldBy(database, environment.id, `traffic:${row.key}`);
    return { ...(await showState(() => targets.openRow(row, place.project))), release };
  }

  /** Sets the weight that it has, and looks whether it is in force. */
  async test(place: TargetPlace): Promise<TrafficTest> {
    const { environment, row } = await this.#find(place);
    await refuseHeld(this.#dependencies.database, environment.id, place);
    return tryOut(() => this.#dependencies.targets.openRow(row, place.project));
  }

  /**
   * Gives the baseline everyone, as any way back at once: before the next release, when the two places run the same.
   * @throws {ApiError} `conflict` while a release steers it
   */
  async reset(caller: Caller, place: TargetPlace): Promise<TrafficTest> {
    const { result: row } = await this.#dependencies.changes.commit(caller, async (draft) => {
      const found = await this.#find(place, draft.tx);
      await refuseHeld(draft.tx, found.environment.id, place);
      const { project, environment } = place;
      await draft.audit({ action: 'traffic-target.reset', project, environment, target: targetOf(place), after: {} });
      return found.row;
    });
    return giveBack(() => this.#dependencies.targets.openRow(row, place.project));
  }

  /** @throws {ApiError} `validation_failed` */
  #check(project: string, given: GivenTarget): void {
    const problems = this.#dependencies.targets.problemsOf(project, given);
    if (problems.length === 0) return;
    throw validationFailed(
      problems.map(({ path, message }) => ({ path: path === '' ? 'settings' : `settings.${path}`, message })),
    );
  }

  /** Secrets must not be sent to where who may not read them says: they are kept where nothing else changes. */
  #secretsOf(
    { id }: TrafficTargetRow,
    { secrets }: GivenTarget,
    before: TrafficTargetRow | undefined,
    isElsewhere: boolean,
  ): string | null {
    if (secrets !== undefined) return sealSecrets(this.#dependencies.vault, id, secrets);
    if (before === undefined || before.secrets === null) return null;
    if (!isElsewhere) return before.secrets;
    throw validationFailed([{ path: 'secrets', message: 'must be given again when the kind or the settings change' }]);
  }

  async #find(
    { project, environment: key, target }: TargetPlace,
    db: Querier = this.#dependencies.database,
  ): Promise<EnvironmentPlace & { readonly row: TrafficTargetRow }> {
    const place = await this.#dependencies.environments.find(project, key, db);
    const row = await findTarget(db, place.environment.id, target);
    if (row === undefined) throw notFound(`traffic target "${target}" in environment "${key}"`);
    return { ...place, row };
  }
}

/**
 * @param except phases of a release in which it may be done all the same
 * @throws {ApiError} `conflict` while a release under way steers it
 */
async function refuseHeld(
  db: Querier,
  environmentId: string,
  { target }: TargetPlace,
  except: readonly Phase[] = [],
): Promise<void> {
  const holder = await findHolder(db, environmentId, [`traffic:${target}`]);
  if (holder === undefined || except.includes(holder.phase as Phase)) return;
  throw new ApiError(
    'conflict',
    `Release "${holder.title}" (${holder.id}) steers traffic target "${target}": wait for its end, or abort it.`,
    { release: holder.id },
  );
}

async function refuseTooMany(db: Querier, environmentId: string): Promise<void> {
  if ((await findTargets(db, environmentId, { limit: MAX_OF_ENVIRONMENT })).length < MAX_OF_ENVIRONMENT) return;
  throw new ApiError('conflict', `The environment has ${MAX_OF_ENVIRONMENT} traffic targets: delete one first.`);
}

const targetOf = ({ target }: TargetPlace) => ({ kind: 'traffic-target', key: target });
