import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import { ApiError } from '../http/api-error.ts';
import { authorsOf } from './change-request.ts';
import { type FlagWideChange, isFlagWide, type ProposedChange } from './content.ts';
import type { Opened } from './opened.ts';

/** @throws {ApiError} `forbidden` unless the caller might make each of the changes directly */
export function requireAll(caller: Caller, project: string, changes: readonly ProposedChange[]): void {
  for (const change of changes) {
    if (isFlagWide(change)) {
      requirePermission(caller, 'archived' in change ? 'flag:archive' : 'flag:write', { project });
      if (changesServed(change)) requirePermission(caller, 'targeting:write', { project });
      continue;
    }
    const { environment } = change;
    requirePermission(caller, 'flag' in change ? 'targeting:write' : 'segment:write', { project, environment });
  }
}

/** New variants are served nowhere yet. See also `flags/served-everywhere.ts`, which schedules pass with all powers. */
function changesServed(change: FlagWideChange): boolean {
  return 'edits' in change && change.edits.some(({ kind }) => kind === 'setVariantValue' || kind === 'removeVariant');
}

/** Approvals are people's: a program has no pair of eyes. @throws {ApiError} `forbidden` */
export function requireReviewer(caller: Caller, opened: Opened): void {
  if (caller.actor.kind !== 'user') {
    throw new ApiError('forbidden', 'Only people approve and reject: sign in, or use a personal token.');
  }
  if (authorsOf(opened.row).includes(caller.actor.id)) {
    throw new ApiError('forbidden', 'Nobody approves or rejects what they wrote themselves: ask someone else.');
  }
  requireApprover(caller, opened);
}

/** In one of the environments at least; in the others the approval counts for nothing. */
export function requireApprover(caller: Caller, { project: { key: project }, approvals }: Opened): void {
  const environments = approvals.map(({ environment }) => environment);
  if (environments.some((environment) => caller.can('change:approve', { project, environment }))) return;
  requirePermission(caller, 'change:approve', { project, environment: environments[0] ?? '' });
}
