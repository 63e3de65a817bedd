import type { Evaluation } from '../evaluation.ts';
import type { Flag, Serve } from '../model.ts';
import type { Metadata, Outcomes } from './outcomes.ts';
import type { Decision, Serving } from './scope.ts';
import { compileDistribution, compileSplit, type FlagParts } from './split.ts';

/** Compiles what a rule answers with. */
export function compileRuleServe(serve: Serve, parts: FlagParts, metadata: Metadata): Serving {
  if ('split' in serve) return compileSplit(serve.split, parts, metadata);
  return always(parts.outcomes.serve(serve.variant, 'TARGETING_MATCH', metadata));
}

/** Compiles what is served when no rule matches. There is nothing after it, so it always answers. */
export function compileDefaultServe(serve: Serve, parts: FlagParts): Decision {
  if (!('split' in serve)) return always(parts.outcomes.serve(serve.variant, 'DEFAULT'));
  if (serve.split.layer === undefined) return compileDistribution(serve.split, parts);
  return orElse(compileSplit(serve.split, parts), outsideOutcome(parts.flag, parts.outcomes));
}

/** What a default rule serves to subjects outside the flag's claim on its layer. */
export function outsideOutcome(flag: Flag, outcomes: Outcomes): Evaluation {
  return outcomes.serve(flag.offVariant, 'DEFAULT', { cause: 'layer' });
}

function always(outcome: Evaluation): Decision {
  return () => outcome;
}

function orElse(serve: Serving, outcome: Evaluation): Decision {
  return (context, nowMs) => serve(context, nowMs) ?? outcome;
}
