import type { AccessBook } from '../access/access-book.ts';
import { findEnvironments } from '../environments/repository.ts';
import { requireProject } from '../environments/service.ts';
import { notFound } from '../http/api-error.ts';
import type { ChangeRequestRow } from '../store/tables/change-requests.ts';
import type { EnvironmentRow, ProjectRow } from '../store/tables/flags.ts';
import type { Querier } from '../store/tables.ts';
import { type ApprovalCount, countApprovals } from './approvals.ts';
import { findApprovals, findChangeRequest } from './repository.ts';

export interface RequestPlace {
  readonly project: string;
  readonly request: string;
}

/** A request with all that is looked at when something is done with it. */
export interface Opened {
  readonly project: ProjectRow;
  readonly environments: readonly EnvironmentRow[];
  readonly row: ChangeRequestRow;
  readonly approvals: readonly ApprovalCount[];
}

/** @throws {ApiError} `not_found` */
export async function findOpened(
  db: Querier,
  book: AccessBook,
  { project: projectKey, request: id }: RequestPlace,
): Promise<Opened> {
  const project = await requireProject(db, projectKey);
  const row = await findChangeRequest(db, project.id, id);
  if (row === undefined) throw notFound(`change request "${id}" in project "${projectKey}"`);
  return countOpened(db, book, project, row);
}

/** A request as it is, or is to be, with the approvals that hold for it. */
export async function countOpened(
  db: Querier,
  book: AccessBook,
  project: ProjectRow,
  row: ChangeRequestRow,
): Promise<Opened> {
  const environments = await findEnvironments(db, [project.id]);
  const approvals = await findApprovals(db, [row.id]);
  return { project, environments, row, approvals: countApprovals(book, project.key, row, environments, approvals) };
}
