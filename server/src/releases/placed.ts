import { findEnvironments } from '../environments/repository.ts';
import { requireProject } from '../environments/service.ts';
import { notFound } from '../http/api-error.ts';
import type { EnvironmentRow } from '../store/tables/flags.ts';
import type { Querier } from '../store/tables.ts';
import { findRelease, type PlacedRelease } from './repository.ts';

export interface ReleasePlace {
  readonly project: string;
  readonly release: string;
}

/** @throws {ApiError} `not_found` */
export async function findPlaced(
  db: Querier,
  { project: projectKey, release: id }: ReleasePlace,
): Promise<PlacedRelease> {
  const project = await requireProject(db, projectKey);
  const row = await findRelease(db, project.id, id);
  if (row === undefined) throw notFound(`release "${id}" in project "${projectKey}"`);
  return place(row, projectKey, await findEnvironments(db, [project.id]));
}

export function place(
  row: Omit<PlacedRelease, 'project' | 'environment'>,
  project: string,
  environments: readonly EnvironmentRow[],
): PlacedRelease {
  const environment = environments.find(({ id }) => id === row.environment_id);
  if (environment === undefined) throw new Error(`release ${row.id} is in no environment`);
  return { ...row, project, environment: environment.key };
}
