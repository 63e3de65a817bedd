import { reweigh, type VariantWeight } from '../bucketing/reweigh.ts';
import { rangesAt } from '../compile/schedule.ts';
import { BUCKET_COUNT, type BucketRange, type Lease, type ScheduleStep, type Serve, type Split } from '../model.ts';
import type { ServeInput, WeightStep } from './edit.ts';

/**
 * Turns weights into bucket ranges so that the fewest subjects move from what `before` serves at the moment; what has
 * ranges already stays.
 * @throws RangeError when the weights are no weights, or do not add up to 100 000
 */
export function weighServe(input: ServeInput, before: Serve | undefined, nowMs: number): Serve {
  if (!('split' in input) || !('weights' in input.split)) return input as Serve;
  const { weights, ...split } = input.split;
  return { split: { ...split, ranges: reweighAll(rangesOf(before, nowMs), weights) } };
}

/**
 * New weights in what is there: the split keeps what it hashes; a schedule, which was of the old weights, ends, also a held one,
 * and so does a lease, unless it is given anew.
 */
export function setWeights(serve: Serve, weights: readonly VariantWeight[], nowMs: number, lease?: Lease): Serve {
  const {
    ranges: _,
    schedule: __,
    held: ___,
    lease: ____,
    ...split
  }: Partial<Split> = 'split' in serve ? serve.split : {};
  const leased = lease === undefined ? {} : { lease };
  return { split: { ...split, ranges: reweighAll(rangesOf(serve, nowMs), weights), ...leased } };
}

/** Each step is weighed from the one before it, so that a rollout which grows by time moves nobody out. */
export function setSteps(serve: Serve, steps: readonly WeightStep[], nowMs: number): Serve {
  if (steps.length === 0 && !('split' in serve)) return serve;
  const { schedule: _, held: __, lease: ___, ...split }: Partial<Split> = 'split' in serve ? serve.split : {};
  const ranges = rangesOf(serve, nowMs);
  const schedule: ScheduleStep[] = [];
  for (const { atMs, weights, linear } of steps) {
    const before = schedule.at(-1)?.ranges ?? ranges;
    schedule.push({ atMs, ranges: reweighAll(before, weights), ...(linear === undefined ? {} : { linear }) });
  }
  return { split: { ...split, ranges, ...(schedule.length === 0 ? {} : { schedule }) } };
}

/** What a serve amounts to in buckets at a moment: a variant alone has them all. */
function rangesOf(serve: Serve | undefined, nowMs: number): readonly BucketRange[] {
  if (serve === undefined) return [];
  return 'split' in serve ? rangesAt(serve.split, nowMs) : [{ variant: serve.variant, from: 0, to: BUCKET_COUNT }];
}

function reweighAll(ranges: readonly BucketRange[], weights: readonly VariantWeight[]): BucketRange[] {
  const sum = weights.reduce((total, weight) => total + weight.weightPer100k, 0);
  if (sum !== BUCKET_COUNT) throw new RangeError(`must add up to ${BUCKET_COUNT}; add up to ${sum}`);
  return reweigh(ranges, weights);
}
