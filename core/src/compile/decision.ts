import { compileStep } from '../conditions/condition.ts';
import { runStep, type Step, type Test } from '../conditions/step.ts';
import type { Evaluation } from '../evaluation.ts';
import type { Flag } from '../model.ts';
import { FALSE, TRUE } from '../truth.ts';
import { compileHoldout } from './claim.ts';
import type { Link, Links } from './links.ts';
import type { Outcomes } from './outcomes.ts';
import type { Decision, Serving } from './scope.ts';
import { compileDefaultServe, compileRuleServe } from './serve.ts';
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
export function compileDecision(parts: FlagParts): Decision {
  const { flag, outcomes } = parts;
  let decide = compileRules(parts);
  if (hasSome(flag.holdouts)) decide = behind(linkHoldouts(flag.holdouts, parts), decide);
  if (hasSome(flag.targets)) decide = behind(compileTargets(flag, outcomes, parts.links.ambient), decide);
  return guardVersions(decide, parts);
}

function hasSome<T>(list: readonly T[] | undefined): list is readonly T[] {
  return list !== undefined && list.length > 0;
}

/** What `first` answers, or else `second`. */
function behind(first: Serving, second: Decision): Decision {
  return (context, nowMs) => first(context, nowMs) ?? second(context, nowMs);
}

function compileRules(parts: FlagParts): Decision {
  const steps: Step[] = [];
  const serves: Serving[] = [];
  for (const { id, when, serve } of parts.flag.rules ?? []) {
    steps.push(compileStep(when, parts.links));
    serves.push(compileRuleServe(serve, parts, { ruleId: id }));
  }
  const otherwise = compileDefaultServe(parts.flag.defaultRule, parts);
  return steps.length === 0 ? otherwise : tryInOrder(steps, serves, otherwise);
}

/** The first rule that matches and has an answer for the subject serves. */
function tryInOrder(steps: readonly Step[], serves: readonly Serving[], otherwise: Decision): Decision {
  return (context, nowMs) => {
    for (let i = 0; i < steps.length; i++) {
      if (runStep(steps[i] as Step, context, nowMs) !== TRUE) continue;
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

interface LinkedHoldout {
  readonly link: Link<Test>;
  readonly outcome: Evaluation;
}

/** A holdout that is missing or malformed holds nobody out, and neither does one a context has no subject for. */
function linkHoldouts(keys: readonly string[], { flag, outcomes, links }: FlagParts): Serving {
  const holdouts: LinkedHoldout[] = [];
  for (const key of keys) holdouts.push({ outcome: heldOut(flag, key, outcomes), link: linkHoldout(key, links) });
  return firstHoldout(holdouts);
}

function linkHoldout(key: string, links: Links): Link<Test> {
  return links.to<Test>(nobody, (scope) => {
    const holdout = scope.findHoldout(key);
    return holdout === undefined ? nobody : compileHoldout(holdout, links.ambient);
  });
}

const nobody: Test = () => FALSE;

function firstHoldout(holdouts: readonly LinkedHoldout[]): Serving {
  return (context, nowMs) => {
    for (const { link, outcome } of holdouts) if (link.target(context, nowMs) === TRUE) return outcome;
    return undefined;
  };
}
