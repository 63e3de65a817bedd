import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import { ApiError } from '../http/api-error.ts';
import type { ChangeRequestRow } from '../store/tables.ts';
import { authorsOf, changesOf } from './change-request.ts';
import { type Change, environmentsOf, subjectOf } from './content.ts';

/** @throws {ApiError} `forbidden` unless the caller might make each of the changes directly */
export function requireAll(caller: Caller, project: string, changes: readonly Change[]): void {
  for (const change of changes) {
    const { environment, kind } = subjectOf(change);
    requirePermission(caller, kind === 'flag' ? 'targeting:write' : 'segment:write', { project, environment });
  }
}

/** Approvals are people's: a program has no pair of eyes. @throws {ApiError} `forbidden` */
export function requireReviewer(caller: Caller, project: string, row: ChangeRequestRow): void {
  if (caller.actor.kind !== 'user') {
    throw new ApiError('forbidden', 'Only people approve and reject: sign in, or use a personal token.');
  }
  if (authorsOf(row).includes(caller.actor.id)) {
    throw new ApiError('forbidden', 'Nobody approves or rejects what they wrote themselves: ask someone else.');
  }
  requireApprover(caller, project, row);
}

/** In one of the environments at least; in the others the approval counts for nothing. */
export function requireApprover(caller: Caller, project: string, row: ChangeRequestRow): void {
  const environments = environmentsOf(changesOf(row));
  if (environments.some((environment) => caller.can('change:approve', { project, environment }))) return;
  requirePermission(caller, 'change:approve', { project, environment: environments[0] ?? '' });
}
