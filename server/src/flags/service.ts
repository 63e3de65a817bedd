import { type FlagType, flagItem, type Variant } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import { findEnvironments } from '../environments/repository.ts';
import { requireProject } from '../environments/service.ts';
import { ApiError, notFound, validationFailed } from '../http/api-error.ts';
import type { Kills } from '../kills/kills.ts';
import { checkRuleSegments } from '../segments/references.ts';
import { toBit } from '../store/booleans.ts';
import { newId } from '../store/new-id.ts';
import type { Database, FlagRow, ProjectRow, Querier } from '../store/tables.ts';
import { type Flag, firstTargeting, type NamedEnvironmentRow, targetingOf, toFlag, toServedFlag } from './flag.ts';
import { type FlagListDependencies, type FlagPage, listFlags } from './flag-list.ts';
import { toLifetimeColumn } from './lifetime.ts';
import { STAGE_VARIANTS } from './migration-stages.ts';
import { checkPrerequisites, findDependences } from './prerequisites.ts';
import {
  refuseArchived,
  refuseDependedOn,
  refuseLosingStage,
  refuseMalformed,
  refuseRemovingUsedVariants,
  refuseSkippingStages,
  refuseUnfitMigration,
  refuseUnfitValues,
} from './refusals.ts';
import { findFlag, findFlagEnvironments, findFormerFlag, insertFlag, keepFormerKey, updateFlag } from './repository.ts';
import type { FlagInput, FlagPatch, FlagQuery } from './schemas.ts';
import { searchTextOf } from './search-text.ts';
import { requireWhereServed } from './served-everywhere.ts';
import { addToEnvironment } from './targeting.ts';

const ON_AND_OFF: readonly Variant[] = [
  { name: 'on', value: true },
  { name: 'off', value: false },
];

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
    const { result } = await this.#changes.commit(caller, async (draft) => {
      const { row, environments } = await requireFlag(draft.tx, projectKey, flagKey);
      await refuseOutdated(draft.tx, ifVersion, { project: projectKey, target: targetOf(row), version: row.version });
      refuseArchived(row);
      const patched = applyPatch(row, patch);
      const before = toFlag(row, environments);
      if (JSON.stringify(patched) === JSON.stringify(row)) return before;
      requireWhereServed(caller, projectKey, { before: row, after: patched, environments });
      if (patched.key !== row.key) await this.#rename(draft, projectKey, row, patched.key, environments);
      if (patch.variants !== undefined) {
        const dependences = await findDependences(draft.tx, row.project_id, row.key);
        refuseRemovingUsedVariants(row, patch.variants, environments, dependences);
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
      const after = toFlag(saved, environments);
      const action = saved.key === row.key ? 'flag.updated' : 'flag.renamed';
      await draft.audit({ action, project: projectKey, target: targetOf(saved), before, after });
      return after;
    });
    return result;
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
    const { result } = await this.#changes.commit(caller, async (draft) => {
      const { row, environments } = await requireFlag(draft.tx, projectKey, flagKey);
      await refuseOutdated(draft.tx, ifVersion, { project: projectKey, target: targetOf(row), version: row.version });
      const before = toFlag(row, environments);
      if ((row.archived_at !== null) === isArchived) return before;
      if (isArchived) refuseLosingStage(row, environments);
      if (isArchived) refuseDependedOn(row, await findDependences(draft.tx, row.project_id, row.key));
      else await refuseUnmetDependences(draft.tx, row, environments);
      for (const environment of environments) {
        if (isArchived) draft.delete(environment.environment_id, { kind: 'flag', key: flagKey });
        else draft.put(environment.environment_id, flagItem(toServedFlag(row, targetingOf(environment))));
      }
      const archivedAtMs = isArchived ? draft.atMs : null;
      const saved = { ...row, archived_at: archivedAtMs, version: row.version + 1, updated_at: draft.atMs };
      await updateFlag(draft.tx, row.id, saved);
      const after = toFlag(saved, environments);
      const action = isArchived ? 'flag.archived' : 'flag.restored';
      await draft.audit({ action, project: projectKey, target: targetOf(row), before, after });
      return after;
    });
    return result;
  }
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

function toFlagRow(projectId: string, input: Static<typeof FlagInput>, nowMs: number): FlagRow {
  const variants = input.variants ?? ownVariants(input);
  if (variants === undefined) {
    throw validationFailed([{ path: 'variants', message: `is required for flags of type ${input.type}` }]);
  }
  const row = {
    id: newId(nowMs),
    project_id: projectId,
    key: input.key,
    type: input.type satisfies FlagType,
    name: input.name ?? input.key,
    description: input.description ?? '',
    kind: input.kind ?? 'release',
    tags: JSON.stringify(input.tags ?? []),
    variants: JSON.stringify(variants),
    bucket_key: input.key,
    client_visible: toBit(input.clientVisible ?? false),
    created_at: nowMs,
    updated_at: nowMs,
    archived_at: null,
    version: 1,
    schema: input.schema === undefined ? null : JSON.stringify(input.schema),
    owner: input.owner ?? null,
    links: toLinksColumn(input.links ?? []),
    lifetime_days: toLifetimeColumn(input.lifetimeDays),
  };
  return { ...row, search_text: searchTextOf({ ...row, tags: input.tags ?? [] }) };
}

/** The variants of a flag that is made without any; undefined where nobody can guess them. */
function ownVariants({ kind, type }: Static<typeof FlagInput>): readonly Variant[] | undefined {
  if (kind === 'migration') return STAGE_VARIANTS;
  return type === 'boolean' ? ON_AND_OFF : undefined;
}

function applyPatch(row: FlagRow, patch: Static<typeof FlagPatch>): FlagRow {
  const patched = {
    ...row,
    key: patch.key ?? row.key,
    name: patch.name ?? row.name,
    description: patch.description ?? row.description,
    kind: patch.kind ?? row.kind,
    tags: patch.tags === undefined ? row.tags : JSON.stringify(patch.tags),
    variants: patch.variants === undefined ? row.variants : JSON.stringify(patch.variants),
    client_visible: patch.clientVisible === undefined ? row.client_visible : toBit(patch.clientVisible),
    schema: patch.schema === undefined ? row.schema : patch.schema === null ? null : JSON.stringify(patch.schema),
    owner: patch.owner === undefined ? row.owner : patch.owner,
    links: patch.links === undefined ? row.links : toLinksColumn(patch.links),
    lifetime_days: patch.lifetimeDays === undefined ? row.lifetime_days : toLifetimeColumn(patch.lifetimeDays),
  };
  return { ...patched, search_text: searchTextOf({ ...patched, tags: JSON.parse(patched.tags) as string[] }) };
}

function toLinksColumn(links: Flag['links']): string | null {
  return links.length === 0 ? null : JSON.stringify(links);
}
