import type { Evaluation } from '../evaluation.ts';
import type { EvaluationContext } from '../model.ts';
import type { CompiledRuleset } from '../ruleset.ts';
import { explain } from './explain.ts';
import type { TraceStep } from './trace.ts';

/** One context that is served something else for one flag. */
export interface Move {
  readonly flag: string;
  /** Index of the context among those given. */
  readonly context: number;
  readonly before: Evaluation;
  readonly after: Evaluation;
  /** The steps that decided; undefined where the flag is unknown or malformed. */
  readonly decidedBefore: TraceStep | undefined;
  readonly decidedAfter: TraceStep | undefined;
}

export interface WhoMovesOptions {
  /** The flags to compare. Default: all of both rulesets. */
  readonly flags?: readonly string[];
  /** The moment to compare at, milliseconds since 1970, UTC. Default: each ruleset's clock. */
  readonly nowMs?: number;
}

/**
 * Which of the contexts change variant (or value, or fall into an error or out of it) between two rulesets, and why.
 * Only those that move are traced, so many contexts cost little more than evaluating them.
 */
export function whoMoves(
  before: CompiledRuleset,
  after: CompiledRuleset,
  contexts: readonly EvaluationContext[],
  { flags = [...new Set([...before.keys(), ...after.keys()])], nowMs }: WhoMovesOptions = {},
): Move[] {
  const moves: Move[] = [];
  for (const flag of flags) {
    for (const [index, context] of contexts.entries()) {
      const was = before.evaluate(flag, context, nowMs);
      const is = after.evaluate(flag, context, nowMs);
      if (isSameAnswer(was, is)) continue;
      moves.push({
        flag,
        context: index,
        before: was,
        after: is,
        decidedBefore: decidingStep(explain(before, flag, context, nowMs).steps),
        decidedAfter: decidingStep(explain(after, flag, context, nowMs).steps),
      });
    }
  }
  return moves;
}

/** Whether a subject that had the one answer and then gets the other notices nothing. */
export function isSameAnswer(a: Evaluation, b: Evaluation): boolean {
  if (a === b) return true;
  if (a.variant !== b.variant || a.errorCode !== b.errorCode) return false;
  return a.value === b.value || JSON.stringify(a.value) === JSON.stringify(b.value);
}

/** The step that settled the answer: the last one, unless that only confirmed a version. */
export function decidingStep(steps: readonly TraceStep[]): TraceStep | undefined {
  const last = steps.at(-1);
  return last?.step === 'version-floor' && last.truth === 'true' ? steps.at(-2) : last;
}
