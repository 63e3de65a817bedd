import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { refuseOutdated, type Versioned } from '../changes/refuse-outdated.ts';
import { addAllToEnvironment } from '../flags/targeting.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import { refuseUnconfirmed } from '../http/confirm.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { findProject } from '../projects/repository.ts';
import { findUnderWay } from '../releases/repository.ts';
import type { EnvironmentRow, ProjectRow } from '../store/tables/flags.ts';
import type { Database, Querier } from '../store/tables.ts';
import { cloneInto } from './clone.ts';
import { applyPatch, type Environment, newEnvironmentRow, toEnvironment, toFacts } from './environment.ts';
import {
  deleteEnvironment,
  findEnvironment,
  findEnvironments,
  insertEnvironment,
  updateEnvironment,
} from './repository.ts';
import type { EnvironmentInput, EnvironmentPatch } from './schemas.ts';

export interface EnvironmentPlace {
  readonly project: ProjectRow;
  readonly environment: EnvironmentRow;
}

export class Environments {
  readonly #database: Database;
  readonly #changes: Changes;

  constructor(database: Database, changes: Changes) {
    this.#database = database;
    this.#changes = changes;
  }

  /** @throws {ApiError} `not_found` */
  async find(projectKey: string, key: string, db: Querier = this.#database): Promise<EnvironmentPlace> {
    const project = await requireProject(db, projectKey);
    const environment = await findEnvironment(db, project.id, key);
    if (environment === undefined) throw notFound(`environment "${key}" in project "${projectKey}"`);
    return { project, environment };
  }

  /** In the order that people gave them. */
  async list(projectKey: string, { cursor, limit = DEFAULT_LIMIT }: PageRequest): Promise<Page<Environment>> {
    const [position, key] = readCursor(cursor, ['number', 'string']) ?? [-1, ''];
    const project = await requireProject(this.#database, projectKey);
    const rows = (await findEnvironments(this.#database, [project.id])).filter(
      (row) => row.position > position || (row.position === position && row.key > key),
    );
    const page = toPage(rows.slice(0, limit + 1), limit, (row) => [row.position, row.key]);
    return { ...page, items: page.items.map(toEnvironment) };
  }

  async get(projectKey: string, key: string): Promise<Environment> {
    return toEnvironment((await this.find(projectKey, key)).environment);
  }

  async create(caller: Caller, projectKey: string, input: Static<typeof EnvironmentInput>): Promise<Environment> {
    const { result: row, revisions } = await this.#changes.commit(caller, async (draft) => {
      await countEnvironments(draft);
      const project = await requireProject(draft.tx, projectKey);
      const siblings = await findEnvironments(draft.tx, [project.id]);
      if (siblings.some((sibling) => sibling.key === input.key)) {
        throw new ApiError(
          'conflict',
          `Project "${projectKey}" has an environment "${input.key}". Choose another key.`,
        );
      }
      const from = input.from === undefined ? undefined : siblings.find(({ key }) => key === input.from);
      if (input.from !== undefined && from === undefined) {
        throw notFound(`environment "${input.from}" in project "${projectKey}" to copy from`);
      }
      const position = Math.max(-1, ...siblings.map((sibling) => sibling.position)) + 1;
      const row = await addEnvironment(draft, project, input, position);
      await (from === undefined ? addAllToEnvironment(draft, project.id, row.id) : cloneInto(draft, from.id, row.id));
      return row;
    });
    const { revision } = revisions.get(row.id) ?? toEnvironment(row);
    return { ...toEnvironment(row), revision };
  }

  /** @param ifVersion the version that the caller has seen; undefined: whatever it is */
  async update(
    caller: Caller,
    projectKey: string,
    key: string,
    patch: Static<typeof EnvironmentPatch>,
    ifVersion?: number,
  ): Promise<Environment> {
    await this.#changes.commit(caller, async (draft) => {
      if (patch.production !== undefined) await countEnvironments(draft);
      const { project, environment: before } = await this.find(projectKey, key, draft.tx);
      await refuseOutdated(draft.tx, ifVersion, versionedAt(projectKey, before));
      const position = patch.position === undefined ? before.position : await move(draft, before, patch.position);
      const after = { ...applyPatch(before, patch), position };
      if (JSON.stringify(after) === JSON.stringify(before)) return;
      if (after.required_approvals < before.required_approvals) {
        requirePermission(caller, 'change:bypass', { project: projectKey, environment: key });
      }
      const { name, color, production, require_comment, required_approvals } = after;
      const version = before.version + 1;
      const columns = { name, color, production, require_comment, required_approvals, version };
      await updateEnvironment(draft.tx, before.id, columns);
      await auditEnvironment(draft, project, 'environment.updated', before, { ...after, version });
    });
    return this.get(projectKey, key);
  }

  /**
   * Deletes an environment for good. Its SDK keys end at once; SDKs go on with what they have, as stale.
   * @param confirm the environment's key once more
   */
  async delete(caller: Caller, projectKey: string, key: string, confirm: string, ifVersion?: number): Promise<void> {
    refuseUnconfirmed(key, confirm);
    await this.#changes.commit(caller, async (draft) => {
      await countEnvironments(draft);
      const { project, environment } = await this.find(projectKey, key, draft.tx);
      await refuseOutdated(draft.tx, ifVersion, versionedAt(projectKey, environment));
      if ((await findEnvironments(draft.tx, [project.id])).length === 1) {
        const message = `"${key}" is the last environment of project "${projectKey}". Make another one first, or delete the project.`;
        throw new ApiError('conflict', message);
      }
      await removeEnvironment(draft, caller, project, environment);
    });
  }
}

/**
 * Says that environments come, go, or become production: who may do what depends on it. Comes before a project that is
 * there is looked at, as where grants are made, so that neither holds the project while it waits for the other.
 */
export async function countEnvironments(draft: Draft): Promise<void> {
  await draft.count('access');
}

/**
 * Adds an environment to a project inside a draft that has counted; the project has no flags yet, or the caller adds them.
 */
export async function addEnvironment(
  draft: Draft,
  project: ProjectRow,
  input: Static<typeof EnvironmentInput>,
  position: number,
): Promise<EnvironmentRow> {
  const row = newEnvironmentRow(project.id, input, position, draft.atMs);
  await insertEnvironment(draft.tx, row);
  const { incarnation } = row;
  draft.addEnvironment({ environmentId: row.id, project: project.key, environment: row.key, incarnation });
  await auditEnvironment(draft, project, 'environment.created', undefined, row);
  return row;
}

/**
 * Takes an environment away inside a draft that has counted, with all that belongs to it alone.
 * @throws {ApiError} `conflict` while a release is under way there: nobody would take back what it has out; `forbidden`
 *   when it wants approval, and the caller may not do without
 */
export async function removeEnvironment(
  draft: Draft,
  caller: Caller,
  project: ProjectRow,
  environment: EnvironmentRow,
): Promise<void> {
  if (environment.required_approvals > 0) {
    requirePermission(caller, 'change:bypass', { project: project.key, environment: environment.key });
  }
  const release = await findUnderWay(draft.tx, environment.id);
  if (release !== undefined) {
    throw new ApiError(
      'conflict',
      `Release "${release.title}" (${release.id}) is under way in "${environment.key}": wait for its end, or abort it first.`,
      { release: release.id },
    );
  }
  await deleteEnvironment(draft.tx, environment.id);
  await draft.removeEnvironment(environment.id);
  await draft.count('safeguards');
  await auditEnvironment(draft, project, 'environment.deleted', environment, undefined);
}

/** Moves an environment among its siblings, which are numbered anew. @returns where it is then */
async function move({ tx }: Draft, environment: EnvironmentRow, position: number): Promise<number> {
  const siblings = (await findEnvironments(tx, [environment.project_id])).filter(({ id }) => id !== environment.id);
  siblings.splice(position, 0, environment);
  for (const [at, row] of siblings.entries()) {
    if (row.position !== at) await updateEnvironment(tx, row.id, { position: at });
  }
  return siblings.indexOf(environment);
}

function versionedAt(project: string, { key, version }: EnvironmentRow): Versioned {
  return { project, environment: key, target: { kind: 'environment', key }, version };
}

async function auditEnvironment(
  draft: Draft,
  project: ProjectRow,
  action: string,
  before: EnvironmentRow | undefined,
  after: EnvironmentRow | undefined,
): Promise<void> {
  const key = after?.key ?? before?.key ?? '';
  await draft.audit({
    action,
    project: project.key,
    environment: key,
    target: { kind: 'environment', key },
    before: before && toFacts(before),
    after: after && toFacts(after),
  });
}

export async function requireProject(db: Querier, key: string): Promise<ProjectRow> {
  const project = await findProject(db, key);
  if (project === undefined) throw notFound(`project "${key}"`);
  return project;
}
