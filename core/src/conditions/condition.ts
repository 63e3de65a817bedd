import type { Condition, EvaluationContext } from '../model.ts';
import { FALSE, negate, TRUE, type Truth, UNKNOWN } from '../truth.ts';
import { compileComparison } from './comparison.ts';

/** A compiled condition. `nowMs` is the evaluation's moment, milliseconds since 1970, UTC. */
export type Test = (context: EvaluationContext, nowMs: number) => Truth;

/** Compiles a condition tree whose shape was checked. */
export function compileCondition(condition: Condition): Test {
  if ('all' in condition) return compileAll(condition.all.map(compileCondition));
  if ('any' in condition) return compileAny(condition.any.map(compileCondition));
  if ('not' in condition) return compileNot(compileCondition(condition.not));
  return compileComparison(condition);
}

/** True when all are; false when one is; otherwise unknown. Nothing at all is true. */
function compileAll(tests: readonly Test[]): Test {
  if (tests.length === 1 && tests[0] !== undefined) return tests[0];
  return (context, nowMs) => {
    let result: Truth = TRUE;
    for (const test of tests) {
      const truth = test(context, nowMs);
      if (truth === FALSE) return FALSE;
      if (truth === UNKNOWN) result = UNKNOWN;
    }
    return result;
  };
}

/** True when one is; false when all are; otherwise unknown. Nothing at all is false. */
function compileAny(tests: readonly Test[]): Test {
  if (tests.length === 1 && tests[0] !== undefined) return tests[0];
  return (context, nowMs) => {
    let result: Truth = FALSE;
    for (const test of tests) {
      const truth = test(context, nowMs);
      if (truth === TRUE) return TRUE;
      if (truth === UNKNOWN) result = UNKNOWN;
    }
    return result;
  };
}

function compileNot(test: Test): Test {
  return (context, nowMs) => negate(test(context, nowMs));
}
