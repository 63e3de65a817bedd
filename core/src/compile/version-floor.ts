import { compilePath } from '../conditions/attribute.ts';
import { compileVersionMatcher } from '../conditions/semver.ts';
import type { Test } from '../conditions/step.ts';
import type { Evaluation } from '../evaluation.ts';
import type { EvaluationContext, Flag, VersionFloor } from '../model.ts';
import { TRUE } from '../truth.ts';
import type { Outcomes } from './outcomes.ts';
import type { Decision } from './scope.ts';
import type { FlagParts } from './split.ts';

/** Whether a context's version reaches the floor; unknown when it has none. */
export function compileFloor({ attribute, atLeast }: VersionFloor, ambient?: EvaluationContext): Test {
  const read = compilePath(attribute, ambient);
  const matches = compileVersionMatcher([`>=${atLeast}`]);
  return (context, nowMs) => matches(read(context), nowMs);
}

/** What a subject below the variant's floor is served. */
export function belowFloor(flag: Flag, variant: string, outcomes: Outcomes): Evaluation {
  return outcomes.serve(flag.safeVariant ?? flag.offVariant, 'DEFAULT', { cause: 'version-floor', wanted: variant });
}

/** Guards the variants that require a version; returns `decide` itself when none does. */
export function guardVersions(decide: Decision, { flag, outcomes, links }: FlagParts): Decision {
  const floors = new Map<string, { reached: Test; fallback: Evaluation }>();
  for (const { name, requires } of flag.variants) {
    if (requires === undefined) continue;
    floors.set(name, { reached: compileFloor(requires, links.ambient), fallback: belowFloor(flag, name, outcomes) });
  }
  if (floors.size === 0) return decide;
  return (context, nowMs) => {
    const outcome = decide(context, nowMs);
    if (outcome.variant === undefined) return outcome;
    const floor = floors.get(outcome.variant);
    return floor === undefined || floor.reached(context, nowMs) === TRUE ? outcome : floor.fallback;
  };
}
