import { bucketOf, toPieces } from '../bucketing/pieces.ts';
import type { BucketRange, ScheduleStep, Split } from '../model.ts';

/** The ranges that a split has at a moment. */
export function rangesAt(split: Split, nowMs: number): readonly BucketRange[] {
  const steps = split.schedule ?? [];
  const index = stepAt(steps, nowMs);
  const current = steps[index];
  const next = steps[index + 1];
  if (current === undefined) return split.ranges;
  if (next?.linear !== true) return current.ranges;
  const share = shareOf(current, next, nowMs);
  return current.ranges.map((range, i) => ({
    variant: range.variant,
    from: between(range.from, next.ranges[i]?.from ?? range.from, share),
    to: between(range.to, next.ranges[i]?.to ?? range.to, share),
  }));
}

/** Finds the owner of a shifted hash at a moment; undefined: nobody. Allocates nothing. */
export type ScheduledOwner = (hash: number, nowMs: number) => string | undefined;

export function compileSchedule(split: Split): ScheduledOwner {
  const steps = split.schedule ?? [];
  const before = compileOwner(split.ranges);
  const owners = steps.map((step) => compileOwner(step.ranges));
  return (hash, nowMs) => {
    const index = stepAt(steps, nowMs);
    const current = steps[index];
    const next = steps[index + 1];
    if (current === undefined) return before(hash);
    if (next?.linear !== true) return owners[index]?.(hash);
    const bucket = bucketOf(hash);
    const share = shareOf(current, next, nowMs);
    for (let i = 0; i < current.ranges.length; i++) {
      const start = current.ranges[i];
      const end = next.ranges[i];
      if (start === undefined || end === undefined) continue;
      if (bucket >= between(start.from, end.from, share) && bucket < between(start.to, end.to, share))
        return start.variant;
    }
    return undefined;
  };
}

function compileOwner(ranges: readonly BucketRange[]): (hash: number) => string | undefined {
  const { lasts, variants } = toPieces(ranges);
  return (hash) => {
    for (let i = 0; i < lasts.length; i++) if (hash <= (lasts[i] ?? 0)) return variants[i];
    return undefined;
  };
}

/** Index of the last step that has begun; -1 before the first. */
function stepAt(steps: readonly ScheduleStep[], nowMs: number): number {
  let index = -1;
  for (const step of steps) {
    if (step.atMs > nowMs) break;
    index += 1;
  }
  return index;
}

/** How far between two steps the moment is, 0 to 1. */
function shareOf(current: ScheduleStep, next: ScheduleStep, nowMs: number): number {
  return (nowMs - current.atMs) / (next.atMs - current.atMs);
}

/** Rounded down, so that a growing range never gives up a bucket on the way. */
function between(start: number, end: number, share: number): number {
  return Math.floor(start + (end - start) * share);
}
