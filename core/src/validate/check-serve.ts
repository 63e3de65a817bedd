import { findBucketer, GIVEN, NATIVE } from '../bucketing/bucketer.ts';
import { BUCKET_COUNT, type BucketRange, MAX_HOLD_CAUSES, type ScheduleStep } from '../model.ts';
import {
  and,
  boolean,
  type Check,
  exactlyOne,
  FINE,
  integer,
  join,
  list,
  object,
  type Problem,
  problem,
  text,
  within,
} from './check.ts';

const bound = integer(0, BUCKET_COUNT);

/** A time as milliseconds since 1970, within what a Date can hold. */
const timeMs = integer(-8.64e15, 8.64e15);

/** Disjoint half-open ranges of buckets, each with an owner. */
export function rangesOf(owner: Readonly<Record<string, Check>>): Check {
  return and(list(object({ ...owner, from: bound, to: bound }), 0, 1000), (value) =>
    checkDisjoint(value as readonly BucketRange[]),
  );
}

const checkBucketer: Check = (value) =>
  typeof value === 'string' && findBucketer(value) !== undefined
    ? FINE
    : problem(`is no bucketer that this version knows: leave it out for "${NATIVE.name}", or give "${GIVEN.name}"`);

function checkDisjoint(ranges: readonly Omit<BucketRange, 'variant'>[]): readonly Problem[] {
  let problems = FINE;
  for (const [i, { from, to }] of ranges.entries()) {
    if (from > to) problems = join(problems, problem(`from ${from} must not exceed to ${to}`, `[${i}]`));
  }
  const sorted = [...ranges].filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from);
  for (const [i, range] of sorted.entries()) {
    const previous = sorted[i - 1];
    if (previous !== undefined && range.from < previous.to) {
      const index = ranges.indexOf(range);
      problems = join(problems, problem(`overlaps the range ${previous.from} to ${previous.to}`, `[${index}]`));
    }
  }
  return problems;
}

function checkSchedule(steps: readonly ScheduleStep[]): readonly Problem[] {
  let problems = FINE;
  for (const [i, step] of steps.entries()) {
    const previous = steps[i - 1];
    if (previous !== undefined && step.atMs <= previous.atMs) {
      problems = join(problems, problem('must be later than the step before', `[${i}].atMs`));
    }
    if (step.linear === true) problems = join(problems, within(`[${i}]`, checkLinear(step, previous)));
  }
  return problems;
}

/** Bounds can move in a straight line only between ranges that correspond and keep their order. */
function checkLinear(step: ScheduleStep, previous: ScheduleStep | undefined): readonly Problem[] {
  if (previous === undefined) return problem('is not for the first step: add a step where the line begins', 'linear');
  const owners = ({ ranges }: ScheduleStep) => JSON.stringify(ranges.map(({ variant }) => variant));
  const isSorted = ({ ranges }: ScheduleStep) =>
    ranges.every(({ from }, i) => i === 0 || from >= (ranges[i - 1]?.to ?? 0));
  if (owners(step) === owners(previous) && isSorted(step) && isSorted(previous)) return FINE;
  return problem('must name the same variants in the same ascending order as the step before', 'ranges');
}

const ranges = rangesOf({ variant: text() });

const schedule = and(list(object({ atMs: timeMs, ranges, 'linear?': boolean }), 1, 1000), (value) =>
  checkSchedule(value as readonly ScheduleStep[]),
);

const held = object({
  atMs: timeMs,
  schedule,
  'causes?': list(
    object({ id: text(1, 300), by: text(0, 300), reason: text(0, 1000), atMs: timeMs }),
    1,
    MAX_HOLD_CAUSES,
  ),
});

/** What a rule answers with. Whether the flag has the variants that it names is checked apart. */
export const checkServe: Check = exactlyOne('serve', {
  variant: object({ variant: text() }),
  split: object({
    split: object({
      'by?': text(1, 200),
      'seed?': text(0, 200),
      'bucketer?': checkBucketer,
      'layer?': text(1, 100),
      ranges,
      'schedule?': schedule,
      'held?': held,
      'lease?': object({ variant: text(), fallback: text(), seconds: integer(1, 86_400) }),
    }),
  }),
});
