import { compileCondition, type Test } from '../conditions/condition.ts';
import type { Evaluation } from '../evaluation.ts';
import type { Flag } from '../model.ts';
import { FALSE, TRUE } from '../truth.ts';
import { compileHoldout } from './claim.ts';
import type { Outcomes } from './outcomes.ts';
import type { Serving } from './scope.ts';
import { compileServe } from './serve.ts';
import type { FlagParts } from './split.ts';
import { compileTargets } from './targets.ts';
import { guardVersions } from './version-floor.ts';

/** The outcome of an enabled flag that serves one variant to everyone; undefined when it depends on the context. */
export function compileStatic(flag: Flag, outcomes: Outcomes): Evaluation | undefined {
  if (hasSome(flag.rules) || hasSome(flag.targets) || hasSome(flag.holdouts)) return undefined;
  if ('split' in flag.defaultRule) return undefined;
  const { variant } = flag.defaultRule;
  if (flag.variants.some(({ name, requires }) => name === variant && requires !== undefined)) return undefined;
  return outcomes.serve(variant, 'STATIC');
}

/** Compiles what an enabled flag does with a context: targets, holdouts, rules, default rule, version floors. */
export function compileDecision(parts: FlagParts): Serving {
  const { flag, outcomes } = parts;
  let decide = compileRules(parts);
  if (hasSome(flag.holdouts)) decide = behindHoldouts(decide, flag.holdouts, parts);
  if (hasSome(flag.targets)) decide = inTurn(compileTargets(flag, outcomes), decide);
  return guardVersions(decide, flag, outcomes);
}

function hasSome<T>(list: readonly T[] | undefined): list is readonly T[] {
  return list !== undefined && list.length > 0;
}

function inTurn(first: Serving, second: Serving): Serving {
  return (context, nowMs) => first(context, nowMs) ?? second(context, nowMs);
}

/** The first rule that matches and has an answer for the subject serves; otherwise the default rule. */
function compileRules(parts: FlagParts): Serving {
  const rules = parts.flag.rules ?? [];
  const tests = rules.map((rule) => compileCondition(rule.when, parts.links));
  const serves = rules.map((rule) => compileServe(rule.serve, parts, 'TARGETING_MATCH', { ruleId: rule.id }));
  const otherwise = compileServe(parts.flag.defaultRule, parts, 'DEFAULT');
  if (rules.length === 0) return otherwise;
  return (context, nowMs) => {
    for (let i = 0; i < tests.length; i++) {
      if ((tests[i] as Test)(context, nowMs) !== TRUE) continue;
      const outcome = (serves[i] as Serving)(context, nowMs);
      if (outcome !== undefined) return outcome;
    }
    return otherwise(context, nowMs);
  };
}

/** What a held-out subject is served. */
export function heldOut(flag: Flag, holdout: string, outcomes: Outcomes): Evaluation {
  return outcomes.serve(flag.offVariant, 'DEFAULT', { cause: 'holdout', holdout });
}

/** A holdout that is missing or malformed holds nobody out, and neither does one a context has no subject for. */
function behindHoldouts(decide: Serving, keys: readonly string[], { flag, outcomes, links }: FlagParts): Serving {
  const holdouts = keys.map((key) => ({
    outcome: heldOut(flag, key, outcomes),
    link: links.to<Test>(nobody, (scope) => {
      const holdout = scope.findHoldout(key);
      return holdout === undefined ? nobody : compileHoldout(holdout);
    }),
  }));
  return (context, nowMs) => {
    for (const { link, outcome } of holdouts) if (link.target(context, nowMs) === TRUE) return outcome;
    return decide(context, nowMs);
  };
}

const nobody: Test = () => FALSE;
