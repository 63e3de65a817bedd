import type { Revision } from '@bunting/core';

/** A revision as `have` takes it in a URL; undefined for none. */
export function wordOf(have: Revision | null): string | undefined {
  return have === null ? undefined : `${have.incarnation}.${have.number}.${have.hash}`;
}
