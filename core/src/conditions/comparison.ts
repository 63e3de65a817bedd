import type { Comparison, EvaluationContext } from '../model.ts';
import { compilePath, isPlainName } from './attribute.ts';
import type { Test } from './condition.ts';
import { overElements } from './elements.ts';
import type { Matcher } from './matcher.ts';
import { OPERATORS } from './operators.ts';

/** Compiles a comparison of one attribute with constants. */
export function compileComparison(comparison: Comparison, ambient?: EvaluationContext): Test {
  const { attribute } = comparison;
  const matches = compileMatcher(comparison);
  // The common case, one call less.
  if (isPlainName(attribute, ambient)) return (context, nowMs) => matches(context[attribute], nowMs);
  const read = compilePath(attribute, ambient);
  return (context, nowMs) => matches(read(context), nowMs);
}

/** What the comparison does with the attribute's value. */
function compileMatcher(comparison: Comparison): Matcher {
  const match = OPERATORS[comparison.operator].compile(comparison);
  return comparison.elements === undefined ? match : overElements(match, comparison.elements);
}

export function isTimedComparison(comparison: Comparison): boolean {
  return OPERATORS[comparison.operator].isTimed?.(comparison) ?? false;
}
