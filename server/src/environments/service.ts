import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { addAllToEnvironment } from '../flags/targeting.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import { findProject } from '../projects/repository.ts';
import type { Database, EnvironmentRow, ProjectRow, Querier } from '../store/tables.ts';
import { newEnvironmentRow, toEnvironment } from './environment.ts';
import { findEnvironment, findEnvironments, insertEnvironment } from './repository.ts';
import type { EnvironmentInput, EnvironmentSchema } from './schemas.ts';

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

  async create(
    caller: Caller,
    projectKey: string,
    input: Static<typeof EnvironmentInput>,
  ): Promise<Static<typeof EnvironmentSchema>> {
    const { result: row, revisions } = await this.#changes.commit(caller, async (draft) => {
      const project = await requireProject(draft.tx, projectKey);
      const siblings = await findEnvironments(draft.tx, [project.id]);
      if (siblings.some((sibling) => sibling.key === input.key)) {
        throw new ApiError(
          'conflict',
          `Project "${projectKey}" has an environment "${input.key}". Choose another key.`,
        );
      }
      const position = Math.max(-1, ...siblings.map((sibling) => sibling.position)) + 1;
      const row = await addEnvironment(draft, project, input, position);
      await addAllToEnvironment(draft, project.id, row.id);
      return row;
    });
    const { revision } = revisions.get(row.id) ?? toEnvironment(row);
    return { ...toEnvironment(row), revision };
  }
}

/** Adds an environment to a project inside a draft; the project has no flags yet, or the caller adds them. */
export async function addEnvironment(
  draft: Draft,
  project: ProjectRow,
  input: Static<typeof EnvironmentInput>,
  position: number,
): Promise<EnvironmentRow> {
  const row = newEnvironmentRow(project.id, input, position, draft.atMs);
  await insertEnvironment(draft.tx, row);
  // Who may do what depends on which environments are production.
  await draft.count('access');
  const { incarnation } = row;
  draft.addEnvironment({ environmentId: row.id, project: project.key, environment: row.key, incarnation });
  await draft.audit({
    action: 'environment.created',
    project: project.key,
    environment: row.key,
    target: { kind: 'environment', key: row.key },
    after: { key: row.key, name: row.name, production: input.production ?? false, position },
  });
  return row;
}

export async function requireProject(db: Querier, key: string): Promise<ProjectRow> {
  const project = await findProject(db, key);
  if (project === undefined) throw notFound(`project "${key}"`);
  return project;
}
