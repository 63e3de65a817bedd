import type { Comparison } from '../model.ts';
import { compilePath } from './attribute.ts';
import type { Test } from './condition.ts';
import { compileMembership } from './membership.ts';

/** Compiles a comparison of one attribute with constants. */
export function compileComparison(comparison: Comparison): Test {
  const read = compilePath(comparison.attribute);
  const matches = compileMembership(comparison.values);
  return (context) => matches(read(context));
}
