import { type BucketRange, rangesAt, reweigh, type ScheduleStep, type Split } from '@bunting/core';
import { msg } from '@lingui/core/macro';
import { percentOf, setWeight, type Weight, weightsOfServe } from '../../flags/weights.ts';
import { align } from './align-ranges.ts';

/** From `atMs` on a split has these weights. */
export interface RampStep {
  /** Milliseconds since 1970, UTC. */
  readonly atMs: number;
  readonly weights: readonly Weight[];
  /** It is reached in a straight line from the step before; false: it jumps there. */
  readonly linear: boolean;
}

type Variants = readonly { readonly name: string }[];

/** The steps that are still to come. A line that is under way begins where it is now. */
export function stepsOf(split: Split, variants: Variants, offVariant: string, nowMs: number): RampStep[] {
  const weigh = (ranges: readonly BucketRange[]) => weightsOfServe({ split: { ranges } }, variants, offVariant);
  const coming = (split.schedule ?? [])
    .filter(({ atMs }) => atMs > nowMs)
    .map(({ atMs, ranges, linear = false }) => ({ atMs, weights: weigh(ranges), linear }));
  if (!coming[0]?.linear) return coming;
  return [{ atMs: nowMs, weights: weigh(rangesAt(split, nowMs)), linear: false }, ...coming];
}

/** The split with these steps to come; none: it stays as it is now. Each step moves the fewest from the one before it. */
export function withSteps(split: Split, steps: readonly RampStep[], nowMs: number): Split {
  const { schedule: _, held: __, ...rest } = split;
  const ranges = rangesAt(split, nowMs);
  if (steps.length === 0) return { ...rest, ranges };
  const schedule: ScheduleStep[] = [];
  /** The ranges of the steps that one line after the other leads through, which all name the same variants. */
  let line: (readonly BucketRange[])[] = [];
  for (const { atMs, weights, linear } of steps) {
    const wanted = weights.filter(({ weightPer100k }) => weightPer100k > 0);
    const after = reweigh(line.at(-1) ?? ranges, wanted);
    line = linear && line.length > 0 ? align(line, after) : [after];
    schedule.push({ atMs, ranges: after, ...(linear && { linear }) });
    for (const [at, each] of line.entries()) {
      const index = schedule.length - line.length + at;
      const present = schedule[index];
      if (present) schedule[index] = { ...present, ranges: each };
    }
  }
  return { ...rest, ranges, schedule };
}

/** Ready-made ways up for one variant. */
export const rampPresets = [
  { label: msg`Straight to 100% in 24 hours`, hours: [24], percents: [100], linear: true },
  { label: msg`Straight to 100% in 7 days`, hours: [168], percents: [100], linear: true },
  { label: msg`5, 25, 50 and 100%, a day apart`, hours: [0, 24, 48, 72], percents: [5, 25, 50, 100], linear: false },
] as const;

/** The steps of a preset that expose more than the present weights do. A line begins where they are. */
export function stepsOfPreset(
  { hours, percents, linear }: (typeof rampPresets)[number],
  present: readonly Weight[],
  variant: string,
  startMs: number,
): RampStep[] {
  const index = present.findIndex((weight) => weight.variant === variant);
  const now = percentOf(present[index]?.weightPer100k ?? 0);
  const steps = percents.flatMap((percent, at) => {
    if (percent <= now) return [];
    const atMs = startMs + (hours[at] ?? 0) * 3_600_000;
    return [{ atMs, weights: setWeight(present, index, percent * 1_000), linear }];
  });
  return linear && steps.length > 0 ? [{ atMs: startMs, weights: present, linear: false }, ...steps] : steps;
}

/** How the shares go between two moments: at even distances, and on both sides of each step. */
export function curveOf(split: Split, variants: Variants, offVariant: string, fromMs: number, toMs: number) {
  const even = Array.from({ length: 61 }, (_, at) => Math.round(fromMs + ((toMs - fromMs) * at) / 60));
  const sides = (split.schedule ?? []).flatMap(({ atMs }) => [atMs - 1, atMs]);
  const times = [...new Set([...even, ...sides.filter((atMs) => atMs > fromMs && atMs < toMs)])].sort((a, b) => a - b);
  const shares = times.map((atMs) =>
    weightsOfServe({ split: { ranges: rangesAt(split, atMs) } }, variants, offVariant),
  );
  const percents = variants.map((_, at) => shares.map((weights) => percentOf(weights[at]?.weightPer100k ?? 0)));
  return { times, percents };
}
