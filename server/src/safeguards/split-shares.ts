import { BUCKET_COUNT, type Flag, markOf, rangesAt, type Split } from '@bunting/core';
import type { SpecOf } from '../evidence/test-spec.ts';
import { firstPath } from '../measurements/first-increments.ts';
import type { Sides } from './arms.ts';

/** So long after a schedule's last step a split is taken to stand still everywhere, in milliseconds. */
const SETTLED_MS = 60_000;

/** What a split should give the candidate of all who get one of the two variants, and where it is counted. */
export interface SplitShare {
  /** Empty: the default rule. */
  readonly rule: string;
  readonly sides: Sides;
  readonly spec: SpecOf<'sample_ratio'>;
}

/** For each split of a flag that stands still and serves both variants. Another split has another path and share. */
export function sharesOf(flag: Flag, sides: Sides, spec: SpecOf<'sample_ratio'>, nowMs: number): SplitShare[] {
  const serves = [...(flag.rules ?? []).map(({ id, serve }) => [id, serve] as const), ['', flag.defaultRule] as const];
  return serves.flatMap(([rule, serve]) => {
    if (!('split' in serve) || !isSettled(serve.split, nowMs)) return [];
    const [given, others] = [sides.candidate, sides.baseline].map((name) => sizeOf(flag, serve.split, name, nowMs));
    if (!given || !others) return [];
    const path = firstPath(markOf(serve.split));
    return [{ rule, sides: { ...sides, path }, spec: { ...spec, expected: given / (given + others) } }];
  });
}

function isSettled({ schedule = [] }: Split, nowMs: number): boolean {
  return schedule.every(({ atMs }) => atMs < nowMs - SETTLED_MS);
}

/** In buckets. What no range owns is served the off variant. */
export function sizeOf(flag: Flag, split: Split, variant: string, nowMs: number): number {
  const ranges = rangesAt(split, nowMs);
  const sum = (isCounted: (variant: string) => boolean) =>
    ranges.reduce((size, { variant, from, to }) => size + (isCounted(variant) ? to - from : 0), 0);
  const unowned = variant === flag.offVariant ? BUCKET_COUNT - sum(() => true) : 0;
  return sum((name) => name === variant) + unowned;
}
