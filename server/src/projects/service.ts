import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { toEnvironment } from '../environments/environment.ts';
import { findEnvironments } from '../environments/repository.ts';
import { addEnvironment, requireProject } from '../environments/service.ts';
import { ApiError } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { newId } from '../store/new-id.ts';
import type { Database, EnvironmentRow, ProjectRow, Querier } from '../store/tables.ts';
import { countFlags, findProject, findProjects, insertProject, updateProjectName } from './repository.ts';
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

  async rename(caller: Caller, key: string, name: string): Promise<Project> {
    await this.#changes.commit(caller, async (draft) => {
      const before = await requireProject(draft.tx, key);
      if (before.name === name) return;
      await updateProjectName(draft.tx, before.id, name);
      const target = { kind: 'project', key };
      await draft.audit({
        action: 'project.updated',
        project: key,
        target,
        before: { name: before.name },
        after: { name },
      });
    });
    return this.get(key);
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
  const project = { id: newId(draft.atMs), key, name, created_at: draft.atMs };
  await insertProject(draft.tx, project);
  await draft.audit({
    action: 'project.created',
    project: key,
    target: { kind: 'project', key },
    after: { key, name },
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
  return rows.map(({ id, key, name, created_at }) => ({
    key,
    name,
    createdAt: toTimestamp(created_at),
    flagCount: counts.get(id) ?? 0,
    environments: environments.filter((environment) => environment.project_id === id).map(toEnvironment),
  }));
}
