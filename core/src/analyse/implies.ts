import { isEqual } from '../compile/equal.ts';
import type { Comparison, Condition, Json } from '../model.ts';

/**
 * Whether `second` is true whenever `first` is, as far as the documents tell. False means "not known to be", so a
 * finding that rests on this is never wrong.
 */
export function implies(first: Condition, second: Condition): boolean {
  if (isEqual(first as Json, second as Json) || isAlwaysTrue(second)) return true;
  if ('any' in first) return first.any.length > 0 && first.any.every((part) => implies(part, second));
  if ('all' in second) return second.all.every((part) => implies(first, part));
  if ('all' in first && first.all.some((part) => implies(part, second))) return true;
  if ('any' in second) return second.any.some((part) => implies(first, part));
  return isComparison(first) && isComparison(second) && comparisonImplies(first, second);
}

/** True for every subject, whatever its attributes. */
export function isAlwaysTrue(condition: Condition): boolean {
  if ('all' in condition) return condition.all.every(isAlwaysTrue);
  if ('any' in condition) return condition.any.some(isAlwaysTrue);
  return 'not' in condition && 'any' in condition.not && condition.not.any.length === 0;
}

export function isComparison(condition: Condition): condition is Comparison {
  return 'attribute' in condition;
}

/** Operators of which a smaller set of values says more. */
const SETS: ReadonlySet<string> = new Set(['in', 'startsWith', 'endsWith', 'contains', 'matches', 'semver', 'inCidr']);

function comparisonImplies(first: Comparison, second: Comparison): boolean {
  if (first.attribute !== second.attribute || first.elements !== second.elements) return false;
  if (second.operator === 'present') return first.operator !== 'absent';
  if ((first.ignoreCase ?? false) !== (second.ignoreCase ?? false)) return false;
  if (first.operator === second.operator && SETS.has(first.operator)) {
    return first.values.every((value) => second.values.includes(value));
  }
  const a = toInterval(first);
  const b = toInterval(second);
  return a !== undefined && b !== undefined && contains(b, a);
}

/** The numbers for which a comparison is true. */
export interface Interval {
  readonly low: number;
  readonly isLowIn: boolean;
  readonly high: number;
  readonly isHighIn: boolean;
}

const EVERYTHING: Interval = {
  low: Number.NEGATIVE_INFINITY,
  isLowIn: false,
  high: Number.POSITIVE_INFINITY,
  isHighIn: false,
};

export function toInterval({ operator, values }: Comparison): Interval | undefined {
  const bound = values[0];
  if (typeof bound !== 'number') return undefined;
  if (operator === 'lessThan' || operator === 'atMost') {
    return { ...EVERYTHING, high: bound, isHighIn: operator === 'atMost' };
  }
  if (operator === 'greaterThan' || operator === 'atLeast') {
    return { ...EVERYTHING, low: bound, isLowIn: operator === 'atLeast' };
  }
  return undefined;
}

export function intersect(a: Interval, b: Interval): Interval {
  const low = a.low > b.low || (a.low === b.low && !a.isLowIn) ? a : b;
  const high = a.high < b.high || (a.high === b.high && !a.isHighIn) ? a : b;
  return { low: low.low, isLowIn: low.isLowIn, high: high.high, isHighIn: high.isHighIn };
}

export function isEmpty({ low, isLowIn, high, isHighIn }: Interval): boolean {
  return low > high || (low === high && !(isLowIn && isHighIn));
}

function contains(outer: Interval, inner: Interval): boolean {
  const lowFits = outer.low < inner.low || (outer.low === inner.low && (outer.isLowIn || !inner.isLowIn));
  const highFits = outer.high > inner.high || (outer.high === inner.high && (outer.isHighIn || !inner.isHighIn));
  return lowFits && highFits;
}
