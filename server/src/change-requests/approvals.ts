import type { AccessBook } from '../access/access-book.ts';
import type { Actor } from '../audit/actor.ts';
import { ApiError } from '../http/api-error.ts';
import type { ChangeRequestEntryRow, ChangeRequestRow } from '../store/tables/change-requests.ts';
import type { EnvironmentRow } from '../store/tables/flags.ts';
import { changesOf } from './change-request.ts';
import { environmentsOf } from './content.ts';

/** How far an environment has approved a request. */
export interface ApprovalCount {
  readonly environment: string;
  readonly required: number;
  readonly given: number;
}

/**
 * Counts the approvals that hold: of the present content, by people who did not write any of it and may approve in the
 * environment today, each once.
 */
export function countApprovals(
  book: AccessBook,
  project: string,
  request: Pick<ChangeRequestRow, 'id' | 'content' | 'content_hash' | 'authors'>,
  environments: readonly EnvironmentRow[],
  approvals: readonly ChangeRequestEntryRow[],
): ApprovalCount[] {
  const authors = new Set(JSON.parse(request.authors) as string[]);
  const changed = environmentsOf(changesOf(request));
  const people = new Set(
    approvals
      .filter(({ request_id, content_hash }) => request_id === request.id && content_hash === request.content_hash)
      .map(({ actor }) => (JSON.parse(actor) as Actor).id)
      .filter((id) => !authors.has(id)),
  );
  return environments
    .filter(({ key }) => changed?.includes(key) ?? true)
    .map(({ key: environment, required_approvals: required }) => {
      const may = (id: string) => book.powersOf('user', id).can('change:approve', { project, environment });
      return { environment, required, given: [...people].filter(may).length };
    });
}

export function isEnough(counts: readonly ApprovalCount[]): boolean {
  return counts.every(({ required, given }) => given >= required);
}

export function lacksApproval(counts: readonly ApprovalCount[]): ApiError {
  const lacking = counts.filter(({ required, given }) => given < required);
  const which = lacking.map(({ environment, required, given }) => `${given} of ${required} in ${environment}`);
  return new ApiError(
    'approval_required',
    `The change request lacks approvals: it has ${which.join(', ')}. Ask others who have change:approve there.`,
    { approvals: lacking },
  );
}
