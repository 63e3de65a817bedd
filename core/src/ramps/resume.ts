import { rangesAt } from '../compile/schedule.ts';
import { NotThere } from '../edits/rules.ts';
import type { BucketRange, HeldSchedule, ScheduleStep, Split } from '../model.ts';
import { isSameOwners } from './exposure.ts';

/**
 * Takes a cause of a hold away (undefined: all). When none is left, the schedule goes on from the present ranges, later by
 * how long it was held. Nobody moves at that moment.
 * @throws {NotThere} when the split is not held (by that cause), or its next step does not go with the present ranges
 */
export function resumeSplit(split: Split, cause: string | undefined, nowMs: number): Split {
  const { held, schedule: _, ...rest } = split;
  if (held === undefined) throw new NotThere('the ramp is not held');
  const { causes: all = [] } = held;
  const causes = all.filter(({ id }) => cause !== undefined && id !== cause);
  if (cause !== undefined && causes.length === all.length) throw new NotThere(`the ramp is not held for "${cause}"`);
  if (causes.length > 0) return { ...split, held: { ...held, causes } };
  const ranges = rangesAt(split, nowMs);
  const schedule = goOn(held, ranges, nowMs);
  return { ...rest, ranges, ...(schedule.length === 0 ? {} : { schedule }) };
}

function goOn(
  { atMs: heldAtMs, schedule }: HeldSchedule,
  ranges: readonly BucketRange[],
  nowMs: number,
): ScheduleStep[] {
  const heldForMs = Math.max(0, nowMs - heldAtMs);
  const steps = schedule.map((step) => ({ ...step, atMs: step.atMs + heldForMs }));
  const isUntouched = isSameOwners(rangesAt({ ranges, schedule: steps }, nowMs), ranges);
  if (isUntouched) return steps;
  // Someone changed the ranges meanwhile, or the hold let the schedule take something away.
  const coming = steps.filter(({ atMs }) => atMs > nowMs);
  const [next] = coming;
  if (next?.linear !== true) return coming;
  if (!goesInLine(ranges, next.ranges)) {
    throw new NotThere(
      'the ramp cannot go on: a straight line leads to its next step from other variants than the present ones; give it new steps',
    );
  }
  return [{ atMs: nowMs, ranges }, ...coming];
}

/** As `validate/check-serve.ts` wants it of a linear step. */
function goesInLine(from: readonly BucketRange[], to: readonly BucketRange[]): boolean {
  const isAscending = from.every((range, i) => i === 0 || range.from >= (from[i - 1]?.to ?? 0));
  return isAscending && from.length === to.length && from.every(({ variant }, i) => variant === to[i]?.variant);
}
