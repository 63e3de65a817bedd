import type { Flag as FlagDocument, Targeting } from '@bunting/core';
import type { Flag } from '../api/types.ts';

/** The flag as its environment would serve it: what core checks. */
export function documentOf(flag: Flag, mine: Targeting): FlagDocument {
  const { key, type, variants, bucketKey } = flag;
  return { key, type, variants: variants as FlagDocument['variants'], bucketKey, ...mine };
}
