import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import { toEnvironment } from '../environments/environment.ts';
import { findEnvironments } from '../environments/repository.ts';
import { addEnvironment, countEnvironments, removeEnvironment, requireProject } from '../environments/service.ts';
import { ApiError } from '../http/api-error.ts';
import { refuseUnconfirmed } from '../http/confirm.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, searchable, toPage } from '../http/page.ts';
import { stopField } from '../line/line-stop.ts';
import { newId } from '../store/new-id.ts';
import type { EnvironmentRow, ProjectRow } from '../store/tables/flags.ts';
import type { Database, Querier } from '../store/tables.ts';
import { countFlags, deleteProject, findProject, findProjects, insertProject, updateProject } from './repository.ts';
import type { ProjectInput, ProjectSchema } from './schemas.ts';

export type Project = Static<typeof ProjectSchema>;

/** The environments that a new project gets. */
const FIRST_ENVIRONMENTS = [
  { key: 'development', name: 'Development', production: false },
  { key: 'production', name: 'Production', production: true },
];

export class Projects {
  readonly #database: Database;
  readonly #changes: Changes;

  constructor(database: Database, changes: Changes) {
    this.#database = database;
    this.#changes = changes;
  }

  /** Those that the caller may read. */
  async list(
    caller: Caller,
    { cursor, limit = DEFAULT_LIMIT, search }: PageRequest & { search?: string },
  ): Promise<Page<Project>> {
    const [afterKey] = readCursor(cursor, ['string']) ?? [];
    const keys = caller.projectsWith('project:read');
    const rows = await findProjects(this.#database, { search, keys, afterKey, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.key]);
    return { ...page, items: await describe(this.#database, page.items) };
  }

  async get(key: string, db: Querier = this.#database): Promise<Project> {
    const [project] = await describe(db, [await requireProject(db, key)]);
    if (project === undefined) throw new Error('a project that was found has a description');
    return project;
  }

  async create(caller: Caller, input: Static<typeof ProjectInput>): Promise<Project> {
    await this.#changes.commit(caller, (draft) => createProject(draft, input));
    return this.get(input.key);
  }

  /** @param ifVersion the version that the caller has seen; undefined: whatever it is */
  async rename(caller: Caller, key: string, name: string, ifVersion?: number): Promise<Project> {
    await this.#changes.commit(caller, async (draft) => {
      const before = await requireProject(draft.tx, key);
      const target = { kind: 'project', key };
      await refuseOutdated(draft.tx, ifVersion, { project: key, target, version: before.version });
      if (before.name === name) return;
      const version = before.version + 1;
      await updateProject(draft.tx, before, { name, version });
      await draft.audit({
        action: 'project.updated',
        project: key,
        target,
        before: { name: before.name, version: before.version },
        after: { name, version },
      });
    });
    return this.get(key);
  }

  /**
   * Deletes a project for good, with its environments and flags. Audit events stay.
   * @param confirm the project's key once more
   */
  async delete(caller: Caller, key: string, confirm: string, ifVersion?: number): Promise<void> {
    refuseUnconfirmed(key, confirm);
    await this.#changes.commit(caller, async (draft) => {
      // Also so that of two projects that are deleted at once one is the last.
      await countEnvironments(draft);
      const project = await requireProject(draft.tx, key);
      const { name, version } = project;
      const target = { kind: 'project', key };
      await refuseOutdated(draft.tx, ifVersion, { project: key, target, version });
      if ((await findProjects(draft.tx, { limit: 2 })).length === 1) {
        throw new ApiError('conflict', `"${key}" is the last project. Make another one first, then delete it.`);
      }
      for (const environment of await findEnvironments(draft.tx, [project.id])) {
        await removeEnvironment(draft, caller, project, environment);
      }
      await deleteProject(draft.tx, project.id);
      await draft.count('signal-sources');
      await draft.count('bindings');
      await draft.audit({ action: 'project.deleted', project: key, target, before: { key, name, version } });
    });
  }
}

/** Makes a project with its first environments, inside a draft. */
export async function createProject(
  draft: Draft,
  { key, name }: Static<typeof ProjectInput>,
): Promise<{ project: ProjectRow; environments: EnvironmentRow[] }> {
  if ((await findProject(draft.tx, key)) !== undefined) {
    throw new ApiError('conflict', `There is a project "${key}". Choose another key.`);
  }
  const search_text = searchable(key, name);
  const project = { id: newId(draft.atMs), key, name, created_at: draft.atMs, version: 1, search_text, line: null };
  await insertProject(draft.tx, project);
  await countEnvironments(draft);
  await draft.audit({
    action: 'project.created',
    project: key,
    target: { kind: 'project', key },
    after: { key, name, version: 1 },
  });
  const environments: EnvironmentRow[] = [];
  for (const [position, environment] of FIRST_ENVIRONMENTS.entries()) {
    environments.push(await addEnvironment(draft, project, environment, position));
  }
  return { project, environments };
}

async function describe(db: Querier, rows: readonly ProjectRow[]): Promise<Project[]> {
  const ids = rows.map((row) => row.id);
  const environments = await findEnvironments(db, ids);
  const counts = await countFlags(db, ids);
  return rows.map(({ id, key, name, version, created_at, line }) => ({
    key,
    name,
    version,
    createdAt: toTimestamp(created_at),
    flagCount: counts.get(id) ?? 0,
    ...stopField(line),
    environments: environments.filter((environment) => environment.project_id === id).map(toEnvironment),
  }));
}
