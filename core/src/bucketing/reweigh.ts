import { BUCKET_COUNT, type BucketRange } from '../model.ts';

/** How much of a split a variant has. */
export interface VariantWeight {
  readonly variant: string;
  /** In 1/100 000. */
  readonly weightPer100k: number;
}

/** A stretch of buckets with one owner; undefined: nobody's. */
interface Stretch {
  owner: string | undefined;
  length: number;
}

/** The weights that ranges amount to, in the order in which the variants first occur. */
export function weightsOf(ranges: readonly BucketRange[]): VariantWeight[] {
  const weights = new Map<string, number>();
  for (const { variant, from, to } of ranges) weights.set(variant, (weights.get(variant) ?? 0) + to - from);
  return [...weights].map(([variant, weightPer100k]) => ({ variant, weightPer100k }));
}

/**
 * New ranges with these weights, reached from `ranges` by moving the fewest buckets: a variant that grows takes only
 * what nobody owns or a shrinking variant gives up, and no bucket passes between two variants that do not shrink.
 * Buckets are taken beside what the growing variant has, so that ranges stay few.
 * @throws RangeError when a weight is not an integer in 0..100 000, occurs twice, or all exceed 100 000 together.
 */
export function reweigh(ranges: readonly BucketRange[], weights: readonly VariantWeight[]): BucketRange[] {
  const wanted = checkWeights(weights);
  const stretches = toStretches(ranges);
  /** How much each owner must give up; what nobody owns can all be taken. */
  const surplus = new Map<string | undefined, number>([[undefined, BUCKET_COUNT]]);
  /** How much each variant still needs. */
  const needs = new Map(wanted);
  for (const { variant, weightPer100k: has } of weightsOf(ranges)) {
    const wants = wanted.get(variant) ?? 0;
    surplus.set(variant, Math.max(0, has - wants));
    needs.set(variant, Math.max(0, wants - has));
  }
  for (const [variant, need] of needs) {
    let left = need;
    left -= growBeside(stretches, variant, left, surplus, 1);
    left -= growBeside(stretches, variant, left, surplus, -1);
    left -= growAnywhere(stretches, variant, left, surplus);
  }
  for (const [owner, length] of surplus) if (owner !== undefined) giveUp(stretches, owner, length);
  return toRanges(stretches);
}

function checkWeights(weights: readonly VariantWeight[]): Map<string, number> {
  const wanted = new Map<string, number>();
  let sum = 0;
  for (const { variant, weightPer100k } of weights) {
    if (!Number.isInteger(weightPer100k) || weightPer100k < 0 || weightPer100k > BUCKET_COUNT) {
      throw new RangeError(`weight of "${variant}" must be an integer from 0 to ${BUCKET_COUNT}, not ${weightPer100k}`);
    }
    if (wanted.has(variant)) throw new RangeError(`variant "${variant}" has two weights; give it one`);
    wanted.set(variant, weightPer100k);
    sum += weightPer100k;
  }
  if (sum > BUCKET_COUNT) throw new RangeError(`weights add up to ${sum}; they must not exceed ${BUCKET_COUNT}`);
  return wanted;
}

/** Extends the variant's stretches to the right (step 1) or left (-1) into neighbours that can give. */
function growBeside(
  stretches: Stretch[],
  variant: string,
  need: number,
  surplus: Map<string | undefined, number>,
  step: 1 | -1,
): number {
  let taken = 0;
  for (let i = step === 1 ? 0 : stretches.length - 1; i >= 0 && i < stretches.length; i += step) {
    const own = stretches[i];
    if (own?.owner !== variant) continue;
    for (let next = stretches[i + step]; next !== undefined && taken < need; next = stretches[i + step]) {
      const length = Math.min(need - taken, next.length, surplus.get(next.owner) ?? 0);
      if (next.owner !== variant && length === 0) break;
      if (next.owner === variant) {
        own.length += next.length;
        next.length = 0;
      } else {
        take(surplus, next, length);
        own.length += length;
        taken += length;
      }
      if (next.length > 0) break;
      stretches.splice(i + step, 1);
      if (step === -1) i -= 1;
    }
  }
  return taken;
}

/** Takes from the first stretches that can give. */
function growAnywhere(
  stretches: Stretch[],
  variant: string,
  need: number,
  surplus: Map<string | undefined, number>,
): number {
  let taken = 0;
  for (let i = 0; i < stretches.length && taken < need; i++) {
    const giver = stretches[i];
    if (giver === undefined || giver.owner === variant) continue;
    const length = Math.min(need - taken, giver.length, surplus.get(giver.owner) ?? 0);
    if (length === 0) continue;
    take(surplus, giver, length);
    stretches.splice(i, 0, { owner: variant, length });
    i += 1;
    taken += length;
  }
  return taken;
}

function take(surplus: Map<string | undefined, number>, giver: Stretch, length: number): void {
  giver.length -= length;
  surplus.set(giver.owner, (surplus.get(giver.owner) ?? 0) - length);
}

/** Frees buckets that nobody took, from the end. */
function giveUp(stretches: Stretch[], owner: string, length: number): void {
  let left = length;
  for (let i = stretches.length - 1; i >= 0 && left > 0; i--) {
    const stretch = stretches[i];
    if (stretch?.owner !== owner) continue;
    const freed = Math.min(left, stretch.length);
    stretch.length -= freed;
    stretches.splice(i + 1, 0, { owner: undefined, length: freed });
    left -= freed;
  }
}

function toStretches(ranges: readonly BucketRange[]): Stretch[] {
  const stretches: Stretch[] = [];
  let end = 0;
  for (const { variant, from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    if (from > end) stretches.push({ owner: undefined, length: from - end });
    if (to > from) stretches.push({ owner: variant, length: to - from });
    end = Math.max(end, to);
  }
  if (end < BUCKET_COUNT) stretches.push({ owner: undefined, length: BUCKET_COUNT - end });
  return stretches;
}

function toRanges(stretches: readonly Stretch[]): BucketRange[] {
  const ranges: { variant: string; from: number; to: number }[] = [];
  let from = 0;
  for (const { owner, length } of stretches) {
    const previous = ranges.at(-1);
    if (owner !== undefined && length > 0) {
      if (previous?.variant === owner && previous.to === from) previous.to = from + length;
      else ranges.push({ variant: owner, from, to: from + length });
    }
    from += length;
  }
  return ranges;
}
