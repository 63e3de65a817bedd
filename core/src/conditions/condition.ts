import type { Links } from '../compile/links.ts';
import { ALWAYS, jumpAt, type Span } from '../compile/span.ts';
import type { Condition } from '../model.ts';
import { FALSE, negate, TRUE, type Truth, UNKNOWN } from '../truth.ts';
import { compileComparison, isTimedComparison } from './comparison.ts';
import { truthOf } from './matcher.ts';
import { parseMoment } from './moment.ts';
import { runStep, type Step, stepOfTest, type Test, testOf } from './step.ts';

/** Compiles a condition tree whose shape was checked. */
export function compileCondition(condition: Condition, links: Links): Test {
  return testOf(compileStep(condition, links));
}

/** As `compileCondition`, for a loop. */
export function compileStep(condition: Condition, links: Links): Step {
  if ('all' in condition) return compileAll(condition.all.map((part) => compileStep(part, links)));
  if ('any' in condition) return compileAny(condition.any.map((part) => compileStep(part, links)));
  if ('not' in condition) return stepOfTest(compileNot(compileCondition(condition.not, links)));
  return compileLeafStep(condition, links);
}

export type LeafCondition = Exclude<Condition, { all: unknown } | { any: unknown } | { not: unknown }>;

/** Compiles a condition that has no parts. */
export function compileLeaf(condition: LeafCondition, links: Links): Test {
  return testOf(compileLeafStep(condition, links));
}

function compileLeafStep(condition: LeafCondition, links: Links): Step {
  if ('segment' in condition) {
    const segment = links.toSegment(condition.segment);
    return stepOfTest((context, nowMs) => segment.target(context, nowMs));
  }
  if ('during' in condition) {
    links.needTime(spansOfWindow(condition.during));
    return stepOfTest(compileDuring(condition.during));
  }
  if (isTimedComparison(condition)) links.needTime(ALWAYS);
  return compileComparison(condition, links.ambient);
}

/** True when all are; false when one is; otherwise unknown. Nothing at all is true. */
function compileAll(steps: readonly Step[]): Step {
  if (steps.length === 1 && steps[0] !== undefined) return steps[0];
  return stepOfTest((context, nowMs) => {
    let result: Truth = TRUE;
    for (const step of steps) {
      const truth = runStep(step, context, nowMs);
      if (truth === FALSE) return FALSE;
      if (truth === UNKNOWN) result = UNKNOWN;
    }
    return result;
  });
}

/** True when one is; false when all are; otherwise unknown. Nothing at all is false. */
function compileAny(steps: readonly Step[]): Step {
  if (steps.length === 1 && steps[0] !== undefined) return steps[0];
  return stepOfTest((context, nowMs) => {
    let result: Truth = FALSE;
    for (const step of steps) {
      const truth = runStep(step, context, nowMs);
      if (truth === TRUE) return TRUE;
      if (truth === UNKNOWN) result = UNKNOWN;
    }
    return result;
  });
}

function compileNot(test: Test): Test {
  return (context, nowMs) => negate(test(context, nowMs));
}

/** RFC 3339 each. */
interface Window {
  readonly from?: string;
  readonly until?: string;
}

function spansOfWindow({ from, until }: Window): Span[] {
  return [from, until].flatMap((moment) => (moment === undefined ? [] : [jumpAt(parseMoment(moment))]));
}

function compileDuring({ from, until }: Window): Test {
  const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : parseMoment(from);
  const untilMs = until === undefined ? Number.POSITIVE_INFINITY : parseMoment(until);
  return (_context, nowMs) => truthOf(fromMs <= nowMs && nowMs < untilMs);
}
