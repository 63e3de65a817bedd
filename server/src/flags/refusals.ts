import { checkFlag, type Variant } from '@bunting/core';
import { ApiError, validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { FlagRow } from '../store/tables.ts';
import { type NamedEnvironmentRow, type Targeting, targetingOf, toServedFlag, variantsOf } from './flag.ts';
import { findVariantUses } from './variant-uses.ts';

/** What a flag must not become. Each of these throws an `ApiError`, so that nothing is written. */

/** @param ifVersion the version that the caller has seen; undefined: it does not matter */
export function refuseOutdated(
  ifVersion: number | undefined,
  { version, updated_at }: { readonly version: number; readonly updated_at: number },
): void {
  if (ifVersion === undefined || ifVersion === version) return;
  const updatedAt = toTimestamp(updated_at);
  throw new ApiError(
    'version_mismatch',
    `It was changed at ${updatedAt} and is at version ${version} now, not ${ifVersion}. Read it again, then repeat your change.`,
    { version, updatedAt },
  );
}

export function refuseArchived(flag: FlagRow): void {
  if (flag.archived_at === null) return;
  throw new ApiError('flag_archived', `Flag "${flag.key}" is archived. Restore it before changing it.`);
}

/** Refuses what SDKs could not understand. */
export function refuseMalformed(flag: FlagRow, targeting: Targeting): void {
  const problems = checkFlag(toServedFlag(flag, targeting));
  if (problems.length > 0) throw validationFailed(problems);
}

export function refuseRemovingUsedVariants(
  flag: FlagRow,
  variants: readonly Variant[],
  environments: readonly NamedEnvironmentRow[],
): void {
  const removed = variantsOf(flag).filter(({ name }) => !variants.some((variant) => variant.name === name));
  const uses = removed.flatMap(({ name }) =>
    environments.flatMap((row) =>
      findVariantUses(targetingOf(row), name).map((path) => ({
        path: `environments.${row.environment}.${path}`,
        message: `serves variant "${name}"`,
      })),
    ),
  );
  if (uses.length === 0) return;
  throw new ApiError(
    'variant_in_use',
    'A variant that is served somewhere cannot be removed. Serve another one in the places that details name first.',
    uses,
  );
}
