import type { Test } from '../conditions/step.ts';
import type { Evaluation } from '../evaluation.ts';
import type { EvaluationContext, Holdout, Layer } from '../model.ts';
import type { Span } from './span.ts';

/** The time, milliseconds since 1970, UTC. */
export type Clock = () => number;

/** How long ago a server last vouched for what is leased, in milliseconds; Infinity: never. */
export type ContactAge = () => number;

/** A compiled flag. `nowMs` is NaN when the caller gave no time. */
export type Run = (context: EvaluationContext, nowMs: number, scope: Scope) => Evaluation;

/** What decides between variants. The context is plain. */
export type Decision = (context: EvaluationContext, nowMs: number) => Evaluation;

/** As `Decision`, of a part that may not apply to the subject: then it answers undefined. */
export type Serving = (context: EvaluationContext, nowMs: number) => Evaluation | undefined;

/** A flag as its dependents see it. */
export interface FlagNode {
  readonly killed: boolean;
  /** Keys of its prerequisites. */
  readonly parents: readonly string[];
  readonly run: Run;
}

/** A segment as its ruleset resolves it. */
export interface LinkedSegment {
  readonly test: Test;
  /** When time alone may change who is in it. */
  readonly spans: readonly Span[];
}

/**
 * What compiled code may ask of the ruleset that it runs in. A flag that is the same in two rulesets is compiled once,
 * so everything that another document decides is asked here and never kept beyond one generation (see `Links`).
 */
export interface Scope {
  /** Another object for each ruleset. */
  readonly generation: object;
  readonly clock: Clock | undefined;
  /** Undefined: whoever evaluates is where the ruleset is kept. */
  readonly contactAge: ContactAge | undefined;
  /** Attributes of every context that has no such ones itself. The same for all rulesets that share compiled flags. */
  readonly ambient: EvaluationContext | undefined;
  findFlag(key: string): FlagNode | undefined;
  findSegment(key: string): LinkedSegment | undefined;
  findLayer(key: string): Layer | undefined;
  findHoldout(key: string): Holdout | undefined;
}

/** Thrown when a flag depends on the time and nobody gave one; answered as GENERAL at the evaluator's boundary. */
export const NO_CLOCK = new Error('The flag depends on the time: pass a clock to the ruleset or nowMs to evaluate');

/** The moment of an evaluation that depends on the time. */
export function momentOf(nowMs: number, scope: Scope): number {
  if (!Number.isNaN(nowMs)) return nowMs;
  if (scope.clock === undefined) throw NO_CLOCK;
  return scope.clock();
}
