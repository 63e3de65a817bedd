import { isDeepStrictEqual } from 'node:util';
import type { Variant } from '@bunting/core';
import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import type { FlagRow } from '../store/tables/flags.ts';
import { type NamedEnvironmentRow, variantsOf } from './flag.ts';

/**
 * What a flag is called, what its variants are worth, which versions they need and whether pages may see it is one for all
 * environments: who changes it changes what each of them serves. New variants are served nowhere yet.
 * @throws {ApiError} `forbidden` unless the caller may change the flag's targeting in each of them
 */
export function requireWhereServed(
  caller: Caller,
  project: string,
  { before, after, environments }: { before: FlagRow; after: FlagRow; environments: readonly NamedEnvironmentRow[] },
): void {
  const isSame =
    after.key === before.key &&
    after.client_visible === before.client_visible &&
    variantsOf(before).every((variant) => isKept(variant, variantsOf(after)));
  if (isSame) return;
  for (const { environment } of environments) requirePermission(caller, 'targeting:write', { project, environment });
}

function isKept(variant: Variant, variants: readonly Variant[]): boolean {
  return variants.some((other) => other.name === variant.name && isDeepStrictEqual(other, variant));
}
