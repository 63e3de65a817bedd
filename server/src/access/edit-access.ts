import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { ApiError } from '../http/api-error.ts';
import type { Grant, Powers } from './powers.ts';
import { hasOwner } from './repository.ts';

/**
 * Commits what changes who may do what: one such change at a time over all servers, so that two of them cannot each take
 * one of the last two owners away. When it resolves, this server goes by it.
 * @throws {ApiError} `conflict` when nobody who can sign in would be an owner any more
 */
export async function editAccess<T>(changes: Changes, caller: Caller, work: (draft: Draft) => Promise<T>): Promise<T> {
  const { result } = await changes.commit(caller, async (draft) => {
    await draft.count('access');
    const hadOwner = await hasOwner(draft.tx);
    const result = await work(draft);
    if (hadOwner && !(await hasOwner(draft.tx))) {
      const message = 'Nobody would be an owner any more. Make someone else who can sign in an owner first.';
      throw new ApiError('conflict', message);
    }
    return result;
  });
  return result;
}

/** @throws {ApiError} `forbidden` unless the caller has all that these grants give */
export function requireAtLeast(caller: Powers, grants: readonly Grant[], whose: string): void {
  if (grants.every((grant) => caller.covers(grant))) return;
  throw new ApiError('forbidden', `${whose} may do more than you: only someone who may do as much can do this.`);
}
