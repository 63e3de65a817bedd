import { BUCKET_COUNT, type BucketRange, type Serve, type Split } from '@bunting/core';
import type { FlagRow } from '../store/tables/flags.ts';
import { type Targeting, variantsOf } from './flag.ts';
import { STAGES, type Stage } from './migration-stages.ts';

/** A place in an environment's targeting from which a stage may be served. */
export interface StagePlace {
  /** JSON path. */
  readonly path: string;
  /** Index into `STAGES`. */
  readonly stage: number;
}

/**
 * Every stage that instances may run by one revision, whatever the context, the time, prerequisites and kills, and where
 * it comes from.
 */
export function stagePlaces(flag: FlagRow, targeting: Targeting): StagePlace[] {
  const stages = new Map(variantsOf(flag).map(({ name, value }) => [name, STAGES.indexOf(value as Stage)]));
  return served(targeting).flatMap(({ path, variant }) => {
    const stage = stages.get(variant);
    return stage === undefined ? [] : { path, stage };
  });
}

interface Served {
  readonly path: string;
  readonly variant: string;
}

function served(targeting: Targeting): Served[] {
  const { enabled, offVariant, safeVariant = offVariant, prerequisites, targets, rules, defaultRule } = targeting;
  // A kill may come at any moment, also one of another flag that this one depends on.
  const always = { path: 'safeVariant', variant: safeVariant };
  const off = { path: 'offVariant', variant: offVariant };
  if (!enabled) return [off, always];
  const serves: [string, Serve][] = [
    ...rules.map(({ serve }, at): [string, Serve] => [`rules[${at}].serve`, serve]),
    ['defaultRule', defaultRule],
  ];
  const mayBeOff = prerequisites.length > 0 || serves.some(([, serve]) => 'split' in serve && leavesGaps(serve.split));
  return [
    always,
    ...(mayBeOff ? [off] : []),
    ...targets.map(({ variant }, at) => ({ path: `targets[${at}]`, variant })),
    ...serves.flatMap(([path, serve]) => variantsIn(serve).map((variant) => ({ path, variant }))),
  ];
}

function variantsIn(serve: Serve): string[] {
  if (!('split' in serve)) return [serve.variant];
  const names = steps(serve.split)
    .flat()
    .flatMap(({ variant, from, to }) => (to > from ? variant : []));
  return [...new Set(names)];
}

/** Whether some subjects are served the off variant. */
function leavesGaps(split: Split): boolean {
  if (split.layer !== undefined) return true;
  return steps(split).some((ranges) => ranges.reduce((sum, { from, to }) => sum + to - from, 0) < BUCKET_COUNT);
}

/** What the split is at first, and what it becomes by time. */
function steps({ ranges, schedule = [] }: Split): (readonly BucketRange[])[] {
  return [ranges, ...schedule.map((step) => step.ranges)];
}
