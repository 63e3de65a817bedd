import type { CompiledRuleset, Evaluation, EvaluationContext } from '@bunting/core';

/** What a flag answered. */
export type Answer = Pick<Evaluation, 'value' | 'variant' | 'reason' | 'errorCode' | 'errorMessage' | 'metadata'>;

export function answerOf(evaluation: Evaluation): Answer {
  const { value, variant, reason, errorCode, errorMessage, metadata } = evaluation;
  return { value, variant, reason, errorCode, errorMessage, metadata };
}

export function ask(ruleset: CompiledRuleset, flag: string, context: EvaluationContext, atMs: number): Answer {
  return answerOf(ruleset.evaluate(flag, context, atMs));
}

/** Whether a caller would have got the same: how it came about does not matter. */
export function isSameAnswer(a: Answer, b: Answer): boolean {
  return a.variant === b.variant && a.errorCode === b.errorCode && JSON.stringify(a.value) === JSON.stringify(b.value);
}
