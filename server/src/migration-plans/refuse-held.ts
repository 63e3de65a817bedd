import { ApiError } from '../http/api-error.ts';
import { findHolder } from '../releases/repository.ts';
import type { Querier } from '../store/tables.ts';
import type { PlacedPlan } from './repository.ts';

/** @throws {ApiError} `conflict` while a release that is under way moves the plan */
export async function refuseHeld(db: Querier, { environment_id, key }: PlacedPlan): Promise<void> {
  const holder = await findHolder(db, environment_id, [`migration:${key}`]);
  if (holder === undefined) return;
  throw new ApiError(
    'conflict',
    `The plan is in a release that is under way, "${holder.title}": steer that, abort it, or wait for its end.`,
    { release: holder.id },
  );
}
