import type { Comparison, EvaluationContext } from '../model.ts';
import { compilePath, isPlainName } from './attribute.ts';
import { overElements } from './elements.ts';
import type { Matcher } from './matcher.ts';
import { OPERATORS } from './operators.ts';
import { type Step, stepOfMatch, stepOfTest } from './step.ts';

/** Compiles a comparison of one attribute with constants. */
export function compileComparison(comparison: Comparison, ambient?: EvaluationContext): Step {
  const { attribute } = comparison;
  const match = compileMatcher(comparison);
  if (isPlainName(attribute, ambient)) return stepOfMatch(attribute, match);
  const read = compilePath(attribute, ambient);
  return stepOfTest((context, nowMs) => match(read(context), nowMs));
}

/** What the comparison does with the attribute's value. */
function compileMatcher(comparison: Comparison): Matcher {
  const match = OPERATORS[comparison.operator].compile(comparison);
  return comparison.elements === undefined ? match : overElements(match, comparison.elements);
}

export function isTimedComparison(comparison: Comparison): boolean {
  return OPERATORS[comparison.operator].isTimed?.(comparison) ?? false;
}
