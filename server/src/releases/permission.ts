import { requirePermission } from '../access/guard.ts';
import type { Actor, Caller } from '../audit/actor.ts';
import type { Draft } from '../changes/draft.ts';
import { readEnvironment } from '../environments/repository.ts';
import { ApiError } from '../http/api-error.ts';
import { findUnapproved } from './agreement.ts';
import type { Command } from './command.ts';
import type { Facts } from './facts.ts';
import { specOf, stateOf } from './release.ts';
import type { PlacedRelease } from './repository.ts';

/** What begins to expose something. */
const BEGINNING: readonly Command['name'][] = ['start', 'schedule', 'retry'];

/**
 * A release that has begun was approved as a whole: what it does then waits for its own approvals alone.
 * @returns whether it begins without the approvals that are required
 * @throws {ApiError} `forbidden`, or `approval_required` when others have to approve before it may begin
 */
export async function refuseUnpermitted(
  draft: Draft,
  caller: Caller,
  release: PlacedRelease,
  command: Command['name'],
  { leads = {} }: Pick<Facts, 'leads'>,
): Promise<boolean> {
  const { project, environment, environment_id } = release;
  const where = { project, environment };
  requirePermission(caller, command === 'approve' ? 'change:approve' : 'release:write', where);
  if (command === 'approve') refuseOwn(caller, release);
  if (!BEGINNING.includes(command)) return false;
  const { required_approvals: required } = await readEnvironment(draft.tx, environment_id);
  const state = { ...stateOf(release), isUnapproved: undefined };
  const unapproved = findUnapproved(specOf(release), state, leads, required);
  if (unapproved === undefined) return false;
  if (caller.breaksGlass !== true) {
    throw new ApiError(
      'approval_required',
      `${unapproved} Others approve it (POST .../approve). In an emergency, who has change:bypass sends ` +
        'Bunting-Break-Glass: true and a comment.',
      { environment, required },
    );
  }
  requirePermission(caller, 'change:bypass', where);
  await draft.audit({
    ...{ action: 'environment.glass-broken', ...where, target: { kind: 'environment', key: environment } },
    after: { break_glass: true, obstacles: ['approval_required'], reason: caller.comment, release: release.id },
  });
  return true;
}

/** Approvals are other people's. @throws {ApiError} `forbidden` */
function refuseOwn({ actor }: Caller, release: PlacedRelease): void {
  if (actor.kind !== 'user') {
    throw new ApiError('forbidden', 'Only people approve: sign in, or use a personal token.');
  }
  const { editedBy = [] } = stateOf(release);
  if ((JSON.parse(release.created_by) as Actor).id === actor.id || editedBy.includes(actor.id)) {
    throw new ApiError('forbidden', 'Nobody approves a release that they made or edited themselves: ask someone else.');
  }
}
