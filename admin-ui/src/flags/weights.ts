import { BUCKET_COUNT, type Serve } from '@bunting/core';
import { i18n } from '@lingui/core';

/** A variant's share of a split, in parts of 100 000. In every list of these the shares add up to 100 000. */
export interface Weight {
  readonly variant: string;
  readonly weightPer100k: number;
}

/** 12_500 -> 12.5 */
export function percentOf(weightPer100k: number): number {
  return weightPer100k / 1_000;
}

/** 12.5 -> 12_500, within 0..100 000. Finer than 0.001 % is rounded. */
export function weightOfPercent(percent: number): number {
  return clamp(Math.round(percent * 1_000));
}

/** `12.5%` */
export function formatPercent(weightPer100k: number): string {
  return `${i18n.number(percentOf(weightPer100k), { maximumFractionDigits: 3 })}%`;
}

/**
 * What each of a flag's variants gets, in the flag's order; what no range owns goes to the off variant, as the
 * evaluator has it.
 */
export function weightsOfServe(
  serve: Serve,
  variants: readonly { readonly name: string }[],
  offVariant: string,
): Weight[] {
  const shares = new Map<string, number>();
  let left = BUCKET_COUNT;
  const give = (variant: string, share: number) => {
    shares.set(variant, (shares.get(variant) ?? 0) + share);
    left -= share;
  };
  if ('variant' in serve) give(serve.variant, BUCKET_COUNT);
  else for (const { variant, from, to } of serve.split.ranges) give(variant, to - from);
  if (left > 0) give(offVariant, left);
  return variants.map(({ name }) => ({ variant: name, weightPer100k: shares.get(name) ?? 0 }));
}

/**
 * Gives one variant another share; the others give or take in proportion to what they have (equally, when they have
 * nothing). The sum stays 100 000: what rounding leaves goes to those that lost the largest fraction.
 */
export function setWeight(weights: readonly Weight[], index: number, weightPer100k: number): Weight[] {
  const others = weights.filter((_, at) => at !== index);
  if (others.length === 0) return weights.map(({ variant }) => ({ variant, weightPer100k: BUCKET_COUNT }));
  const wanted = clamp(Math.round(weightPer100k));
  const shares = apportion(
    others.map((other) => other.weightPer100k),
    BUCKET_COUNT - wanted,
  );
  return weights.map(({ variant }, at) => {
    if (at === index) return { variant, weightPer100k: wanted };
    return { variant, weightPer100k: shares[at < index ? at : at - 1] ?? 0 };
  });
}

/** The same for everyone, as near as whole parts allow. */
export function spreadEvenly(weights: readonly Weight[]): Weight[] {
  const shares = apportion(
    weights.map(() => 1),
    BUCKET_COUNT,
  );
  return weights.map(({ variant }, at) => ({ variant, weightPer100k: shares[at] ?? 0 }));
}

/** Where each variant but the last ends, counted from 0: the thumbs of the split's slider. */
export function boundariesOf(weights: readonly Weight[]): number[] {
  let end = 0;
  return weights.slice(0, -1).map(({ weightPer100k }) => {
    end += weightPer100k;
    return end;
  });
}

/** The inverse of `boundariesOf`, for boundaries in ascending order. */
export function weightsOfBoundaries(weights: readonly Weight[], boundaries: readonly number[]): Weight[] {
  let start = 0;
  return weights.map(({ variant }, at) => {
    const end = clamp(boundaries[at] ?? BUCKET_COUNT);
    const weightPer100k = Math.max(0, end - start);
    start = Math.max(start, end);
    return { variant, weightPer100k };
  });
}

/**
 * How many of 100 000 subjects get another variant when the server lays out the new weights: what the growing
 * variants gain, for it moves no more than that.
 */
export function movedPer100k(before: readonly Weight[], after: readonly Weight[]): number {
  const had = new Map(before.map(({ variant, weightPer100k }) => [variant, weightPer100k]));
  return after.reduce(
    (moved, { variant, weightPer100k }) => moved + Math.max(0, weightPer100k - (had.get(variant) ?? 0)),
    0,
  );
}

export function sameWeights(a: readonly Weight[], b: readonly Weight[]): boolean {
  return a.length === b.length && movedPer100k(a, b) === 0;
}

/** Splits `total` in proportion to `parts`, in whole numbers that add up to it (largest remainder first). */
function apportion(parts: readonly number[], total: number): number[] {
  const sum = parts.reduce((a, b) => a + b, 0);
  const exact = parts.map((part) => (sum === 0 ? total / parts.length : (part / sum) * total));
  const shares = exact.map(Math.floor);
  let left = total - shares.reduce((a, b) => a + b, 0);
  const byRemainder = exact
    .map((value, at) => ({ at, lost: value - Math.floor(value) }))
    .sort((a, b) => b.lost - a.lost || a.at - b.at);
  for (const { at } of byRemainder) {
    if (left <= 0) break;
    shares[at] = (shares[at] ?? 0) + 1;
    left -= 1;
  }
  return shares;
}

function clamp(weightPer100k: number): number {
  return Math.min(BUCKET_COUNT, Math.max(0, weightPer100k));
}
