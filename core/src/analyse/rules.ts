import { weightsOf } from '../bucketing/reweigh.ts';
import { BUCKET_COUNT, type BucketRange, type Flag, type Rule } from '../model.ts';
import { findContradiction } from './contradiction.ts';
import { implies, isAlwaysTrue } from './implies.ts';
import type { Report } from './report.ts';
import { splitsOf } from './visit.ts';

/** Rules that say less than they seem to. */
export function analyseRules(flag: Flag, report: Report): void {
  const rules = flag.rules ?? [];
  for (const [i, rule] of rules.entries()) {
    const path = `rules[${i}]`;
    const contradiction = findContradiction(rule.when, `${path}.when`);
    if (contradiction !== undefined) {
      report(
        'condition-contradictory',
        'warning',
        contradiction.path,
        `can never be true: it ${contradiction.message}`,
      );
      continue;
    }
    const blocker = rules.slice(0, i).find((earlier) => takesAll(earlier) && implies(rule.when, earlier.when));
    if (blocker !== undefined) {
      const message = `is never reached: rule "${blocker.id}" before it takes everyone whom it would match`;
      report('rule-unreachable', 'warning', path, message);
    } else if (isAlwaysTrue(rule.when)) {
      const message = 'matches everyone: rules after it and the default rule are never reached';
      report('rule-always-matches', takesAll(rule) ? 'info' : 'warning', `${path}.when`, message);
    }
  }
}

/** Whether a rule answers for everyone who matches it; a split in a layer passes some on. */
function takesAll({ serve }: Rule): boolean {
  return !('split' in serve) || serve.split.layer === undefined;
}

/** Splits that leave buckets to nobody. */
export function analyseSplits(flag: Flag, report: Report): void {
  for (const { split, path } of splitsOf(flag)) {
    const all: { ranges: readonly BucketRange[]; path: string }[] = [
      // With a schedule the ranges before it are often empty on purpose.
      ...(split.schedule === undefined ? [{ ranges: split.ranges, path: `${path}.ranges` }] : []),
      ...(split.schedule ?? []).map(({ ranges }, i) => ({ ranges, path: `${path}.schedule[${i}].ranges` })),
    ];
    for (const { ranges, path: place } of all) {
      const owned = weightsOf(ranges).reduce((sum, { weightPer100k }) => sum + weightPer100k, 0);
      if (owned === BUCKET_COUNT) continue;
      const rest = (BUCKET_COUNT - owned) / 1000;
      report('split-incomplete', 'warning', place, `leaves ${rest} % to no variant; they get the off variant`);
    }
  }
}
