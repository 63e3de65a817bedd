import type { EvaluatedValue, Evaluation, EvaluationContext, FlagType, Revision, Subjects } from '@bunting/core';

/** What every flag answers for one context: what `connect` of `@bunting/browser` takes as `bootstrap`. */
export interface AllValues {
  /** The ruleset that they were evaluated by. */
  readonly revision: Revision;
  /** By flag key. Flags that answer an error are left out. */
  readonly values: Readonly<Record<string, EvaluatedValue>>;
  /** As of when the data is, milliseconds since 1970, UTC. */
  readonly timeMs: number;
}

export interface AllOptions {
  /** Default true: only flags that pages may see. False: all, also for eyes that must not see them. */
  readonly clientVisibleOnly?: boolean;
}

/** What flags are asked of. */
export interface Answers {
  readonly revision: Revision | undefined;
  keys(): Iterable<string>;
  isClientVisible(key: string): boolean;
  /** Undefined when the flag is unknown, or there is no ruleset. */
  typeOf(key: string): FlagType | undefined;
  /** Undefined while there is no ruleset. */
  evaluate(key: string, context: EvaluationContext): Evaluation | undefined;
  /** Whom an outcome is about; undefined when nobody knows. */
  subjectsOf(key: string, outcome: Evaluation): Subjects | undefined;
}

export function evaluateAll(
  answers: Answers,
  context: EvaluationContext,
  clientVisibleOnly: boolean,
): Readonly<Record<string, EvaluatedValue>> {
  const isHidden = (key: string) => clientVisibleOnly && !answers.isClientVisible(key);
  const values: [string, EvaluatedValue][] = [];
  for (const key of answers.keys()) {
    if (isHidden(key)) continue;
    const { value, variant, reason } = answers.evaluate(key, context) ?? {};
    if (value === undefined || variant === undefined || reason === undefined) continue;
    values.push([key, { value, variant, reason }]);
  }
  return Object.fromEntries(values);
}
