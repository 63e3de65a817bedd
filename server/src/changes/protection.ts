import type { Caller } from '../audit/actor.ts';
import { findPresentFreeze } from '../freezes/repository.ts';
import { ApiError } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { FreezeRow } from '../store/tables/change-requests.ts';
import type { DatabaseTransaction } from '../store/tables.ts';

/** An environment that is about to serve something else. */
export interface Protected {
  readonly id: string;
  readonly project_id: string;
  readonly key: string;
  readonly required_approvals: number;
}

/** What stood in the way of a change and was passed by who may. */
export interface Bypass {
  readonly project: string;
  readonly environment: string;
  readonly obstacles: readonly ApiError['code'][];
}

/**
 * Refuses a change of what a protected environment serves: without the approvals that it wants, or while it is frozen. What
 * the server does by itself passes: a rollback waits for nobody. Signals and safeguards stop ramps,
 * which is no such change (`Draft#add`); to let them go on is one like any other.
 * @param isApproved whether those who had to have approved this very change
 * @returns what the caller passed by breaking the glass; undefined: nothing stood in the way
 * @throws {ApiError} `approval_required`, `environment_frozen` or `forbidden`
 */
export async function refuseUnprotected(
  tx: DatabaseTransaction,
  caller: Caller,
  environment: Protected,
  isApproved: boolean,
  nowMs: number,
): Promise<Bypass | undefined> {
  if (caller.actor.kind === 'system') return undefined;
  const freeze = await findPresentFreeze(tx, environment.id, nowMs);
  const obstacles = [
    ...(isApproved || environment.required_approvals === 0 ? [] : [approvalRequired(environment)]),
    ...(freeze === undefined ? [] : [frozen(environment.key, freeze)]),
  ];
  const [first] = obstacles;
  if (first === undefined) return undefined;
  if (caller.breaksGlass !== true) throw first;
  const { key: project } = await tx
    .selectFrom('projects')
    .select('key')
    .where('id', '=', environment.project_id)
    .executeTakeFirstOrThrow();
  const place = { project, environment: environment.key };
  if (!caller.can('change:bypass', place)) {
    const message = `To break the glass in environment "${environment.key}" you need the permission change:bypass there. ${first.message}`;
    throw new ApiError('forbidden', message, { permission: 'change:bypass', ...place });
  }
  return { ...place, obstacles: obstacles.map(({ code }) => code) };
}

/** For who must have it approved. */
export function approvalRequired({
  key,
  required_approvals: required,
}: Pick<Protected, 'key' | 'required_approvals'>): ApiError {
  const people = required === 1 ? 'someone else' : `${required} others`;
  return new ApiError(
    'approval_required',
    `What changes environment "${key}" must be approved by ${people}: make a change request (POST .../change-requests). ` +
      'Kills and re-arms need no approval. In an emergency, and for what requests do not hold (keys of segments, the key of ' +
      'a flag, whether pages see it), who has change:bypass sends Bunting-Break-Glass: true and a comment.',
    { environment: key, required },
  );
}

function frozen(environment: string, { name, ends_at }: FreezeRow): ApiError {
  return new ApiError(
    'environment_frozen',
    `Environment "${environment}" is frozen until ${toTimestamp(ends_at)} ("${name}"): repeat your change then. Kills and ` +
      're-arms work. In an emergency, who has change:bypass sends Bunting-Break-Glass: true and a comment.',
    { environment, until: toTimestamp(ends_at) },
  );
}
