import type { EvaluationContext } from '../model.ts';
import type { Truth } from '../truth.ts';
import type { Matcher } from './matcher.ts';

/** A compiled condition. `nowMs` is the evaluation's moment, milliseconds since 1970, UTC. */
export type Test = (context: EvaluationContext, nowMs: number) => Truth;

/**
 * A compiled condition as one of several that a loop goes through. Nearly all of them compare an attribute: what such a
 * one is made of is left in the open, so that the loop calls the matcher and nothing else. A function between the two
 * costs a call that V8 takes away in some processes and not in others.
 */
export type Step =
  | { readonly attribute: string; readonly match: Matcher; readonly test: undefined }
  | { readonly attribute: undefined; readonly match: undefined; readonly test: Test };

/** A comparison of what `context[attribute]` reads. */
export function stepOfMatch(attribute: string, match: Matcher): Step {
  return { attribute, match, test: undefined };
}

export function stepOfTest(test: Test): Step {
  return { attribute: undefined, match: undefined, test };
}

export function runStep(step: Step, context: EvaluationContext, nowMs: number): Truth {
  return step.attribute === undefined ? step.test(context, nowMs) : step.match(context[step.attribute], nowMs);
}

export function testOf({ attribute, match, test }: Step): Test {
  return attribute === undefined ? test : (context, nowMs) => match(context[attribute], nowMs);
}
