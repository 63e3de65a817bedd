import type { Evaluation, EvaluationContext, Json } from '@bunting/core';
import type { Answers } from '../all-values.ts';

/** What a flag chose, and for whom: what code paths are measured by. */
export interface Choice<T extends Json = Json> {
  readonly key: string;
  readonly value: T;
  /** False: the value is the caller's default. */
  readonly isServed: boolean;
  /** What the flag answered, also where it could not be served; undefined without a ruleset. */
  readonly evaluation: Evaluation | undefined;
  /** With what hooks added. */
  readonly context: EvaluationContext;
  /** What was asked. */
  readonly answers: Answers | undefined;
}

/** Whether the host itself said what is served: true for this process alone. */
export function isOverride({ evaluation }: Choice): boolean {
  return evaluation?.metadata.cause === 'override';
}
