import type { Evaluation } from '../evaluation.ts';
import type { EvaluationContext } from '../model.ts';

/** What compiled code may ask of the ruleset that it runs in. */
export interface Scope {
  /** The clock of evaluations that were not given a time, milliseconds since 1970, UTC. */
  readonly clock: Clock | undefined;
}

export type Clock = () => number;

/** A compiled flag. `nowMs` is NaN when the caller gave no time. */
export type Run = (context: EvaluationContext, nowMs: number, scope: Scope) => Evaluation;

/** A compiled serve. The context is plain, `nowMs` a number. */
export type Serving = (context: EvaluationContext, nowMs: number) => Evaluation;
