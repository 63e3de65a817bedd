import { BUCKET_COUNT, type BucketRange } from '../model.ts';

/**
 * A split as a step function over shifted hashes: `lasts[i]` is the last hash of piece i (ascending; the last piece
 * ends at 2^31 - 1), `variants[i]` who owns it (undefined: nobody). Hashes compare to constants, so no bucket number
 * needs to be computed to find a variant.
 */
export interface Pieces {
  readonly lasts: readonly number[];
  readonly variants: readonly (string | undefined)[];
}

/** The first shifted hash of `bucket` (0..100 000): the least h with `floor(h * 100 000 / 2^32) = bucket`. */
export function firstHashOf(bucket: number): number {
  return Math.ceil((bucket * 0x1_0000_0000) / BUCKET_COUNT) - 0x8000_0000;
}

/** The bucket (0..99 999) of a shifted hash. */
export function bucketOf(shiftedHash: number): number {
  return Math.floor(((shiftedHash + 0x8000_0000) * BUCKET_COUNT) / 0x1_0000_0000);
}

/** Cuts the hash space at the bounds of disjoint ranges. Empty ranges own nothing. */
export function toPieces(ranges: readonly BucketRange[]): Pieces {
  const lasts: number[] = [];
  const variants: (string | undefined)[] = [];
  let end = 0;
  const push = (to: number, variant: string | undefined) => {
    if (to === end) return;
    const last = firstHashOf(to) - 1;
    if (variants.length > 0 && variants.at(-1) === variant) {
      lasts[lasts.length - 1] = last;
    } else {
      lasts.push(last);
      variants.push(variant);
    }
    end = to;
  };
  for (const range of [...ranges].sort((a, b) => a.from - b.from || a.to - b.to)) {
    push(range.from, undefined);
    push(range.to, range.variant);
  }
  push(BUCKET_COUNT, undefined);
  return { lasts, variants };
}
