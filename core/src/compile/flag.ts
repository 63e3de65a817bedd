import { plainContext } from '../conditions/attribute.ts';
import type { Evaluation } from '../evaluation.ts';
import type { Flag } from '../model.ts';
import { compileDecision, compileStatic } from './decision.ts';
import type { Links } from './links.ts';
import type { Outcomes } from './outcomes.ts';
import { compileGate, compileHold } from './prerequisites.ts';
import { momentOf, type Run } from './scope.ts';

/**
 * Compiles a checked flag. What decides, in this order: a kill; a kill of a flag it depends on; off; prerequisites;
 * individual targets; holdouts; rules; the default rule; and last the version that the chosen variant requires. A flag
 * that answers alike for everyone never looks at the context.
 */
export function compileFlag(flag: Flag, killed: boolean, outcomes: Outcomes, links: Links): Run {
  if (killed) return always(killedOutcome(flag, outcomes));
  const certain = flag.enabled ? compileStatic(flag, outcomes) : offOutcome(flag, outcomes);
  if (flag.prerequisites !== undefined && flag.prerequisites.length > 0) {
    return compileGated(flag, certain, outcomes, links);
  }
  if (certain !== undefined) return always(certain);
  const decide = compileDecision({ flag, outcomes, links });
  if (links.isEmpty && !links.isTimed) {
    return (context, nowMs) => decide(plainContext(context), nowMs);
  }
  return (context, nowMs, scope) => {
    if (links.generation !== scope.generation) links.follow(scope);
    return decide(plainContext(context), links.isTimed ? momentOf(nowMs, scope) : nowMs);
  };
}

/** A flag with prerequisites. They are asked before the context is looked at: a kill must outrank even a bad context. */
function compileGated(flag: Flag, certain: Evaluation | undefined, outcomes: Outcomes, links: Links): Run {
  const gate = (flag.enabled ? compileGate : compileHold)(flag, outcomes, links);
  if (certain !== undefined) {
    return (context, nowMs, scope) => {
      if (links.generation !== scope.generation) links.follow(scope);
      return gate(context, nowMs, scope) ?? certain;
    };
  }
  const decide = compileDecision({ flag, outcomes, links });
  return (context, nowMs, scope) => {
    if (links.generation !== scope.generation) links.follow(scope);
    const refusal = gate(context, nowMs, scope);
    if (refusal !== undefined) return refusal;
    return decide(plainContext(context), links.isTimed ? momentOf(nowMs, scope) : nowMs);
  };
}

function always(outcome: Evaluation): Run {
  return () => outcome;
}

export function killedOutcome(flag: Flag, outcomes: Outcomes): Evaluation {
  return outcomes.serve(flag.safeVariant ?? flag.offVariant, 'DISABLED', { cause: 'kill' });
}

export function offOutcome(flag: Flag, outcomes: Outcomes): Evaluation {
  return outcomes.serve(flag.offVariant, 'DISABLED', { cause: 'off' });
}
