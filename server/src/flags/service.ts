import { applyFlagEdits, type FlagEdit, flagItem } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import { explainConflict } from '../edits/explain-conflict.ts';
import { findEnvironments } from '../environments/repository.ts';
import { requireProject } from '../environments/service.ts';
import { ApiError, notFound, validationFailed } from '../http/api-error.ts';
import type { Kills } from '../kills/kills.ts';
import { refuseRamp } from '../line/refuse-ramp.ts';
import { findReleasesOfFlag } from '../releases/releases-of-flag.ts';
import { checkRuleSegments } from '../segments/references.ts';
import type { FlagRow, ProjectRow } from '../store/tables/flags.ts';
import type { Database, Querier } from '../store/tables.ts';
import { type Flag, firstTargeting, type NamedEnvironmentRow, targetingOf, toFlag, toServedFlag } from './flag.ts';
import { type FlagListDependencies, type FlagPage, listFlags } from './flag-list.ts';
import { applyPatch, toFlagRow } from './flag-row.ts';
import { checkPrerequisites, findDependences } from './prerequisites.ts';
import {
  refuseArchived,
  refuseDependedOn,
  refuseLosingStage,
  refuseMalformed,
  refuseReleased,
  refuseRemovingUsedVariants,
  refuseSkippingStages,
  refuseUnfitMigration,
  refuseUnfitValues,
} from './refusals.ts';
import { findFlag, findFlagEnvironments, findFormerFlag, insertFlag, keepFormerKey, updateFlag } from './repository.ts';
import { type FlagInput, type FlagPatch, type FlagQuery, MAX_LINKS, MAX_TAGS } from './schemas.ts';
import { requireWhereServed } from './served-everywhere.ts';
import { addToEnvironment } from './targeting.ts';

export interface FlagsDependencies extends FlagListDependencies {
  readonly changes: Changes;
}

/** Flags as they are in all environments of their project. */
export class Flags {
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #kills: Kills;
  readonly #now: () => number;

  constructor({ database, changes, kills, now }: FlagsDependencies) {
    this.#database = database;
    this.#changes = changes;
    this.#kills = kills;
    this.#now = now;
  }

  list(projectKey: string, query: Static<typeof FlagQuery>): Promise<FlagPage> {
    return listFlags({ database: this.#database, kills: this.#kills, now: this.#now }, projectKey, query);
  }

  async get(projectKey: string, flagKey: string): Promise<Flag> {
    const { row, environments } = await requireFlag(this.#database, projectKey, flagKey);
    return toFlag(row, environments);
  }

  /** Makes a flag that is off in every environment. */
  async create(caller: Caller, projectKey: string, input: Static<typeof FlagInput>): Promise<Flag> {
    const { result } = await this.#changes.commit(caller, async (draft) => {
      const project = await requireProject(draft.tx, projectKey);
      await refuseTakenKey(draft.tx, project, input.key);
      const row = toFlagRow(project.id, input, draft.atMs);
      refuseUnfitMigration(row);
      refuseMalformed(row, firstTargeting(row));
      refuseUnfitValues(row);
      await insertFlag(draft.tx, row);
      if (hasTags(row)) await draft.count('bindings');
      for (const environment of await findEnvironments(draft.tx, [project.id])) {
        await addToEnvironment(draft, row, environment.id);
      }
      const flag = toFlag(row, await findFlagEnvironments(draft.tx, [row.id]));
      await draft.audit({ action: 'flag.created', project: projectKey, target: targetOf(row), after: flag });
      return flag;
    });
    return result;
  }

  /** @param ifVersion the version that the caller has seen; undefined: whatever it is */
  async update(
    caller: Caller,
    projectKey: string,
    flagKey: string,
    patch: Static<typeof FlagPatch>,
    ifVersion?: number,
  ): Promise<Flag> {
    return this.#change(caller, projectKey, flagKey, () => patch, ifVersion);
  }

  /**
   * Applies edits to what is there, all or none.
   * @throws {ApiError} `edit_conflict` when one does not go with what is there
   */
  async edit(
    caller: Caller,
    projectKey: string,
    flagKey: string,
    edits: readonly FlagEdit[],
    ifVersion?: number,
  ): Promise<Flag> {
    return this.#change(caller, projectKey, flagKey, (flag) => patchOf(flag, edits), ifVersion);
  }

  /** As `edit`, inside a draft. */
  async editIn(draft: Draft, caller: Caller, projectKey: string, flagKey: string, edits: readonly FlagEdit[]) {
    return this.#changeIn(draft, caller, projectKey, flagKey, (flag) => patchOf(flag, edits));
  }

  async #change(
    caller: Caller,
    projectKey: string,
    flagKey: string,
    patchFor: (flag: Flag) => Static<typeof FlagPatch>,
    ifVersion: number | undefined,
  ): Promise<Flag> {
    const { result } = await this.#changes.commit(caller, (draft) =>
      this.#changeIn(draft, caller, projectKey, flagKey, patchFor, ifVersion),
    );
    return result;
  }

  async #changeIn(
    draft: Draft,
    caller: Caller,
    projectKey: string,
    flagKey: string,
    patchFor: (flag: Flag) => Static<typeof FlagPatch>,
    ifVersion?: number,
  ): Promise<Flag> {
    const { row, environments } = await requireFlag(draft.tx, projectKey, flagKey);
    await refuseOutdated(draft.tx, ifVersion, { project: projectKey, target: targetOf(row), version: row.version });
    refuseArchived(row);
    const before = toFlag(row, environments);
    const patch = patchFor(before);
    const patched = applyPatch(row, patch);
    if (JSON.stringify(patched) === JSON.stringify(row)) return before;
    requireWhereServed(caller, projectKey, { before: row, after: patched, environments });
    if (patched.key !== row.key) await this.#rename(draft, projectKey, row, patched.key, environments);
    if (patch.variants !== undefined) {
      const dependences = await findDependences(draft.tx, row.project_id, row.key);
      const releases = await findReleasesOfFlag(draft.tx, row.id);
      refuseRemovingUsedVariants(row, patch.variants, environments, dependences, releases);
    }
    refuseSkippingStages(row, patched, environments);
    for (const environment of environments) {
      const targeting = targetingOf(environment);
      refuseMalformed(patched, targeting);
      draft.put(environment.environment_id, flagItem(toServedFlag(patched, targeting)));
    }
    refuseUnfitValues(patched);
    const saved = { ...patched, version: row.version + 1, updated_at: draft.atMs };
    await updateFlag(draft.tx, row.id, saved);
    // Bindings know flags by keys and tags.
    if (saved.key !== row.key || saved.tags !== row.tags) await draft.count('bindings');
    const after = toFlag(saved, environments);
    const action = saved.key === row.key ? 'flag.updated' : 'flag.renamed';
    await draft.audit({ action, project: projectKey, target: targetOf(saved), before, after });
    return after;
  }

  /** Takes the old key out of every environment, and keeps it from other flags. */
  async #rename(
    draft: Draft,
    projectKey: string,
    row: FlagRow,
    key: string,
    environments: readonly NamedEnvironmentRow[],
  ): Promise<void> {
    await refuseTakenKey(draft.tx, { id: row.project_id, key: projectKey }, key, row);
    refuseDependedOn(row, await findDependences(draft.tx, row.project_id, row.key));
    // Programs that ask by the old key lose it, as when it is archived.
    refuseLosingStage(row, environments);
    const killed = environments.find((each) => this.#kills.engagedIn(each.environment_id).includes(row.key));
    if (killed !== undefined) {
      const message = `Flag "${row.key}" is killed in ${killed.environment}, under this key. Re-arm it, then rename it.`;
      throw new ApiError('conflict', message);
    }
    for (const { environment_id } of environments) draft.delete(environment_id, { kind: 'flag', key: row.key });
    await keepFormerKey(draft.tx, row, key, draft.atMs);
  }

  /** Archiving takes a flag out of every environment, so that SDKs serve their callers' defaults; restoring undoes it. */
  async setArchived(
    caller: Caller,
    projectKey: string,
    flagKey: string,
    isArchived: boolean,
    ifVersion?: number,
  ): Promise<Flag> {
    const { result } = await this.#changes.commit(caller, (draft) =>
      this.setArchivedIn(draft, projectKey, flagKey, isArchived, ifVersion),
    );
    return result;
  }

  /** As `setArchived`, inside a draft. */
  async setArchivedIn(
    draft: Draft,
    projectKey: string,
    flagKey: string,
    isArchived: boolean,
    ifVersion?: number,
  ): Promise<Flag> {
    const { row, environments } = await requireFlag(draft.tx, projectKey, flagKey);
    await refuseOutdated(draft.tx, ifVersion, { project: projectKey, target: targetOf(row), version: row.version });
    const before = toFlag(row, environments);
    if ((row.archived_at !== null) === isArchived) return before;
    if (isArchived) refuseReleased(row, await findReleasesOfFlag(draft.tx, row.id));
    if (isArchived) refuseLosingStage(row, environments);
    if (isArchived) refuseDependedOn(row, await findDependences(draft.tx, row.project_id, row.key));
    else await refuseUnmetDependences(draft.tx, row, environments);
    for (const environment of environments) {
      if (isArchived) draft.delete(environment.environment_id, { kind: 'flag', key: flagKey });
      else {
        const { environment_id: id, environment: key } = environment;
        const targeting = targetingOf(environment);
        await refuseRamp(draft.tx, { id, key }, undefined, targeting, draft.atMs);
        draft.put(id, flagItem(toServedFlag(row, targeting)));
      }
    }
    const archivedAtMs = isArchived ? draft.atMs : null;
    const saved = { ...row, archived_at: archivedAtMs, version: row.version + 1, updated_at: draft.atMs };
    await updateFlag(draft.tx, row.id, saved);
    if (hasTags(row)) await draft.count('bindings');
    const after = toFlag(saved, environments);
    const action = isArchived ? 'flag.archived' : 'flag.restored';
    await draft.audit({ action, project: projectKey, target: targetOf(row), before, after });
    return after;
  }
}

function hasTags({ tags }: FlagRow): boolean {
  return tags !== '[]';
}

/** @throws {ApiError} `not_found` */
export async function requireFlag(
  db: Querier,
  projectKey: string,
  flagKey: string,
): Promise<{ row: FlagRow; environments: NamedEnvironmentRow[] }> {
  const project = await requireProject(db, projectKey);
  const row = await findFlag(db, project.id, flagKey);
  if (row === undefined) throw notFound(`flag "${flagKey}" in project "${projectKey}"`);
  return { row, environments: await findFlagEnvironments(db, [row.id]) };
}

/** Refuses to restore a flag while what it depends on is not as it was. */
async function refuseUnmetDependences(
  db: Querier,
  flag: FlagRow,
  environments: readonly NamedEnvironmentRow[],
): Promise<void> {
  for (const row of environments) {
    const { environment, environment_id: environmentId } = row;
    const { prerequisites, rules } = targetingOf(row);
    const projectId = flag.project_id;
    const depending = { projectId, environmentId, environment, flag: flag.key, prerequisites };
    const problems = [
      ...(await checkPrerequisites(db, depending)),
      ...(await checkRuleSegments(db, { id: environmentId, key: environment }, rules)),
    ];
    const [first] = problems;
    if (first === undefined) continue;
    throw new ApiError(
      'conflict',
      `Flag "${flag.key}" cannot be restored, because of what it depends on in ${environment}: ${first.message}.`,
      problems.map(({ path, ...problem }) => ({ path: `environments.${environment}.${path}`, ...problem })),
    );
  }
}

/** What edits make of a flag; only what they changed, so that nothing else is checked anew. */
function patchOf(flag: Flag, edits: readonly FlagEdit[]): Static<typeof FlagPatch> {
  const { name, description, owner, tags, links, variants } = explainConflict(() => applyFlagEdits(flag, edits));
  for (const [path, list, most] of [
    ['tags', tags, MAX_TAGS],
    ['links', links, MAX_LINKS],
  ] as const) {
    if (list.length > most)
      throw validationFailed([{ path, message: `may be ${most} at most; would be ${list.length}` }]);
  }
  return { name, description, owner, tags, links, ...(variants === flag.variants ? {} : { variants }) };
}

function targetOf(row: FlagRow): { kind: string; key: string } {
  return { kind: 'flag', key: row.key };
}

/** @param self the flag that wants the key: it may come back to one that it had */
async function refuseTakenKey(
  db: Querier,
  project: Pick<ProjectRow, 'id' | 'key'>,
  key: string,
  self?: FlagRow,
): Promise<void> {
  const taken = await findFlag(db, project.id, key);
  if (taken !== undefined) {
    const fix =
      taken.archived_at === null ? 'Choose another key.' : 'It is archived: restore it, or choose another key.';
    throw new ApiError('conflict', `Project "${project.key}" has a flag "${key}". ${fix}`);
  }
  const holder = await findFormerFlag(db, project.id, key);
  if (holder === undefined || holder === self?.key) return;
  throw new ApiError(
    'conflict',
    `Flag "${holder}" was called "${key}" before, and programs may still ask for it so. Choose another key.`,
  );
}
