import { BUCKET_COUNT, type BucketRange, type Flag } from '../model.ts';

/** Whether a variant exposes its subjects to something. Undefined (nobody's bucket) is served the off variant. */
export type Exposes = (variant: string | undefined) => boolean;

/** All variants but the off and the safe one. */
export function exposedIn({ offVariant, safeVariant }: Pick<Flag, 'offVariant' | 'safeVariant'>): Exposes {
  return (variant) => variant !== undefined && variant !== offVariant && variant !== safeVariant;
}

/** Every bucket has the owner that `wanted` gives it, unless that would expose it to something else: then it keeps its own. */
export function takeOnly(
  ranges: readonly BucketRange[],
  wanted: readonly BucketRange[],
  exposes: Exposes,
): readonly BucketRange[] {
  const taken: { variant: string; from: number; to: number }[] = [];
  for (const { from, to, a: own, b: next } of overlay(ranges, wanted)) {
    const variant = exposes(next) ? own : next;
    const previous = taken.at(-1);
    if (variant === undefined) continue;
    if (previous?.variant === variant && previous.to === from) previous.to = to;
    else taken.push({ variant, from, to });
  }
  return taken;
}

/** Whether every bucket has the same owner. */
export function isSameOwners(a: readonly BucketRange[], b: readonly BucketRange[]): boolean {
  return overlay(a, b).every((stretch) => stretch.a === stretch.b);
}

/** A stretch of buckets with one owner in each of two lists of ranges. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly a: string | undefined;
  readonly b: string | undefined;
}

/** All buckets, cut where the owner changes in either list. */
function overlay(a: readonly BucketRange[], b: readonly BucketRange[]): Stretch[] {
  const bounds = [...new Set([0, BUCKET_COUNT, ...[...a, ...b].flatMap(({ from, to }) => [from, to])])];
  bounds.sort((x, y) => x - y);
  const [ownerInA, ownerInB] = [ownersOf(a), ownersOf(b)];
  return bounds.slice(1).map((to, i) => {
    const from = bounds[i] ?? 0;
    return { from, to, a: ownerInA(from), b: ownerInB(from) };
  });
}

/** Finds owners of buckets that are asked for in ascending order. */
function ownersOf(ranges: readonly BucketRange[]): (bucket: number) => string | undefined {
  const sorted = ranges.filter(({ from, to }) => from < to).sort((x, y) => x.from - y.from);
  let at = 0;
  return (bucket) => {
    while ((sorted[at]?.to ?? Number.POSITIVE_INFINITY) <= bucket) at += 1;
    const range = sorted[at];
    return range !== undefined && range.from <= bucket ? range.variant : undefined;
  };
}
