import { rangesAt } from '../compile/schedule.ts';
import { NotThere } from '../edits/rules.ts';
import { type BucketRange, type HoldCause, MAX_HOLD_CAUSES, type ScheduleStep, type Split } from '../model.ts';
import { type Exposes, isSameOwners, takeOnly } from './exposure.ts';

/**
 * Stops a schedule where it is at `cause.atMs`. Nobody moves then, and nobody is exposed by time from then on. What the
 * schedule was to take away is taken at its time: a hold keeps nothing on that was to go off.
 * @throws {NotThere} when there is nothing to hold
 */
export function holdSplit(split: Split, exposes: Exposes, cause: HoldCause): Split {
  const { schedule: _, held, ...rest } = split;
  const steps = comingSteps(split, cause.atMs);
  const now = rangesAt(split, cause.atMs);
  const kept = keepTaking(now, steps, exposes, cause.atMs);
  const causes = withCause(held?.causes ?? [], cause);
  if (kept === undefined) {
    if (held === undefined) throw new NotThere('there is no ramp that would expose more people by time');
    return { ...split, held: { ...held, causes } };
  }
  return {
    ...rest,
    ranges: now,
    ...(kept.length === 0 ? {} : { schedule: kept }),
    held: { atMs: cause.atMs, schedule: steps, causes },
  };
}

function withCause(known: readonly HoldCause[], cause: HoldCause): readonly HoldCause[] {
  if (known.length === MAX_HOLD_CAUSES || known.some(({ id }) => id === cause.id)) return known;
  if (known.length < MAX_HOLD_CAUSES - 1) return [...known, cause];
  return [...known, { ...cause, id: 'more', reason: 'more causes than are counted: resume it when all are gone' }];
}

/** Whether time will expose somebody whom the split does not expose now, or to something else. */
export function growsByTime(split: Split, exposes: Exposes, nowMs: number): boolean {
  return keepTaking(rangesAt(split, nowMs), comingSteps(split, nowMs), exposes, nowMs) !== undefined;
}

/** The steps after `nowMs`, behind the one in force where a straight line begins at it. None: time changes nothing more. */
export function comingSteps({ schedule = [] }: Pick<Split, 'schedule'>, nowMs: number): readonly ScheduleStep[] {
  const first = schedule.findIndex(({ atMs }) => atMs > nowMs);
  if (first < 0) return [];
  const coming = schedule.slice(first);
  const inForce = schedule[first - 1];
  if (coming[0]?.linear !== true || inForce === undefined) return coming;
  // Whichever way it was reached.
  return [{ atMs: inForce.atMs, ranges: inForce.ranges }, ...coming];
}

/**
 * What remains of coming steps when nobody is to be exposed by them: steps that only take away stay as they are up to the
 * first that does not; of those from there on what they take, as jumps. A line takes at its beginning what it would have
 * taken by its end (one that is under way: at its end).
 * @returns undefined when all of them only take away
 */
function keepTaking(
  now: readonly BucketRange[],
  steps: readonly ScheduleStep[],
  exposes: Exposes,
  nowMs: number,
): readonly ScheduleStep[] | undefined {
  const kept: ScheduleStep[] = [];
  let ranges = now;
  let isWhole = true;
  for (const [i, step] of steps.entries()) {
    if (step.atMs <= nowMs) {
      // Where the line to the next step begins.
      if (onlyTakes(step.ranges, steps[i + 1], exposes)) kept.push(step);
      continue;
    }
    const before = steps[i - 1];
    isWhole &&= onlyTakes(step.linear === true ? (before?.ranges ?? ranges) : ranges, step, exposes);
    if (isWhole) {
      kept.push(step);
      ranges = step.ranges;
      continue;
    }
    const next = steps[i + 1];
    const taken = takeOnly(ranges, step.ranges, exposes);
    const wanted = next?.linear === true ? takeOnly(taken, next.ranges, exposes) : taken;
    if (!isSameOwners(wanted, ranges)) kept.push({ atMs: step.atMs, ranges: wanted });
    ranges = wanted;
  }
  return isWhole ? undefined : kept;
}

/** Whether nobody is exposed by a step, at no moment of a line either. */
function onlyTakes(before: readonly BucketRange[], step: ScheduleStep | undefined, exposes: Exposes): boolean {
  if (step?.linear !== true)
    return step !== undefined && isSameOwners(takeOnly(before, step.ranges, exposes), step.ranges);
  return step.ranges.every(({ variant, from, to }, i) => {
    const was = before[i];
    return !exposes(variant) || (was !== undefined && from >= was.from && to <= was.to);
  });
}
