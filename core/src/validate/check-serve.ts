import { findBucketer, NATIVE } from '../bucketing/bucketer.ts';
import { BUCKET_COUNT, type BucketRange } from '../model.ts';
import {
  and,
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
} from './check.ts';

const bound = integer(0, BUCKET_COUNT);

/** What a rule answers with, out of these variants. */
export function serveOf(variant: Check): Check {
  const ranges = and(list(object({ variant, from: bound, to: bound }), 0, 1000), (value) =>
    checkDisjoint(value as readonly BucketRange[]),
  );
  const split = object({ 'by?': text(1, 200), 'seed?': text(0, 200), 'bucketer?': bucketer, ranges });
  return exactlyOne('serve', { variant: object({ variant }), split: object({ split }) });
}

const bucketer: Check = (value) =>
  typeof value === 'string' && findBucketer(value) !== undefined
    ? FINE
    : problem(`is no bucketer that this version knows: leave it out for "${NATIVE.name}"`);

function checkDisjoint(ranges: readonly BucketRange[]): readonly Problem[] {
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
