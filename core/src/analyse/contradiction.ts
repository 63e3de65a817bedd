import { isEqual } from '../compile/equal.ts';
import type { Comparison, Condition, Json } from '../model.ts';
import { type Interval, implies, intersect, isComparison, isEmpty, toInterval } from './implies.ts';

/** Why a condition can never be true, and where in it; undefined when it may be. */
export interface Contradiction {
  readonly path: string;
  readonly message: string;
}

/** Finds the first part of a condition that keeps it from ever being true. */
export function findContradiction(condition: Condition, path = ''): Contradiction | undefined {
  if ('any' in condition) {
    const parts = condition.any.map((part, i) => findContradiction(part, `${path}.any[${i}]`));
    if (parts.length === 0) return { path, message: 'any of nothing is never true' };
    return parts.every((part) => part !== undefined) ? parts[0] : undefined;
  }
  if ('all' in condition) {
    for (const [i, part] of condition.all.entries()) {
      const found = findContradiction(part, `${path}.all[${i}]`);
      if (found !== undefined) return found;
    }
    const conflict = findConflict(flatten(condition.all));
    return conflict === undefined ? undefined : { path, message: conflict };
  }
  if ('not' in condition && 'all' in condition.not && condition.not.all.length === 0) {
    return { path, message: 'not all of nothing is never true' };
  }
  return undefined;
}

function flatten(conditions: readonly Condition[]): Condition[] {
  return conditions.flatMap((condition) => ('all' in condition ? flatten(condition.all) : [condition]));
}

/** Two conditions that cannot both be true, or bounds that leave no number. */
function findConflict(conditions: readonly Condition[]): string | undefined {
  for (const [i, first] of conditions.entries()) {
    for (const second of conditions.slice(i + 1)) {
      const conflict = conflictOf(first, second) ?? conflictOf(second, first);
      if (conflict !== undefined) return conflict;
    }
  }
  return findEmptyInterval(conditions.filter(isComparison));
}

function conflictOf(first: Condition, second: Condition): string | undefined {
  if ('not' in second && implies(first, second.not)) return 'demands a condition and its opposite';
  if (!isComparison(first) || !isComparison(second) || first.attribute !== second.attribute) return undefined;
  if (first.operator === 'absent' && second.operator !== 'absent') {
    return `demands that "${first.attribute}" is absent and has a value`;
  }
  const areSets = first.operator === 'in' && second.operator === 'in';
  if (!areSets || first.elements !== undefined || second.elements !== undefined) return undefined;
  if (first.values.some((value) => second.values.some((other) => isSame(value, other, first, second))))
    return undefined;
  return `demands that "${first.attribute}" is in two lists that have nothing in common`;
}

function isSame(a: Json, b: Json, first: Comparison, second: Comparison): boolean {
  const ignoreCase = first.ignoreCase === true || second.ignoreCase === true;
  if (ignoreCase && typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase();
  return isEqual(a, b);
}

function findEmptyInterval(comparisons: readonly Comparison[]): string | undefined {
  const intervals = new Map<string, Interval>();
  for (const comparison of comparisons) {
    const interval = comparison.elements === undefined ? toInterval(comparison) : undefined;
    if (interval === undefined) continue;
    const known = intervals.get(comparison.attribute);
    const both = known === undefined ? interval : intersect(known, interval);
    if (isEmpty(both)) return `leaves no number for "${comparison.attribute}"`;
    intervals.set(comparison.attribute, both);
  }
  return undefined;
}
