import type { Caller } from '../audit/actor.ts';
import type { Draft } from '../changes/draft.ts';
import { refuseUnprotected } from '../changes/protection.ts';
import { readEnvironment } from '../environments/repository.ts';
import type { PlacedPlan } from './repository.ts';

/**
 * What leads a plan on is approved as a release; else it takes breaking the glass, which is audited.
 * @throws {ApiError} `approval_required`, `environment_frozen` or `forbidden`
 */
export async function refuseUnapproved(
  draft: Draft,
  caller: Caller,
  { environment: key, environment_id: id }: PlacedPlan,
): Promise<void> {
  const environment = await readEnvironment(draft.tx, id);
  const bypass = await refuseUnprotected(draft.tx, caller, environment, false, draft.atMs);
  if (bypass === undefined) return;
  const { obstacles, ...place } = bypass;
  await draft.audit({
    ...{ action: 'environment.glass-broken', ...place, target: { kind: 'environment', key } },
    after: { break_glass: true, obstacles, reason: caller.comment },
  });
}
