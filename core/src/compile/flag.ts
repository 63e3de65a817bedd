import { plainContext } from '../conditions/attribute.ts';
import { compileCondition, type Test } from '../conditions/condition.ts';
import type { Flag } from '../model.ts';
import { TRUE } from '../truth.ts';
import type { Outcomes } from './outcomes.ts';
import type { Run, Serving } from './run.ts';
import { compileServe } from './serve.ts';

/** Compiles a checked flag. A flag that answers alike for everyone never looks at the context. */
export function compileFlag(flag: Flag, killed: boolean, outcomes: Outcomes): Run {
  if (killed) return always(outcomes.serve(flag.safeVariant ?? flag.offVariant, 'DISABLED', { cause: 'kill' }));
  if (!flag.enabled) return always(outcomes.serve(flag.offVariant, 'DISABLED', { cause: 'off' }));
  const rules = flag.rules ?? [];
  if (rules.length === 0) {
    if ('variant' in flag.defaultRule) return always(outcomes.serve(flag.defaultRule.variant, 'STATIC'));
    const serve = compileServe(flag.defaultRule, flag, outcomes, 'STATIC');
    return (context, nowMs) => serve(plainContext(context), nowMs);
  }
  const byRules = compileRules(flag, outcomes);
  return (context, nowMs) => byRules(plainContext(context), nowMs);
}

function always(outcome: ReturnType<Run>): Run {
  return () => outcome;
}

/** The first rule whose condition is true serves; otherwise the default rule. */
function compileRules(flag: Flag, outcomes: Outcomes): Serving {
  const rules = flag.rules ?? [];
  const tests = rules.map((rule) => compileCondition(rule.when));
  const serves = rules.map((rule) => compileServe(rule.serve, flag, outcomes, 'TARGETING_MATCH', { ruleId: rule.id }));
  const otherwise = compileServe(flag.defaultRule, flag, outcomes, 'DEFAULT');
  return (context, nowMs) => {
    for (let i = 0; i < tests.length; i++) {
      if ((tests[i] as Test)(context, nowMs) === TRUE) return (serves[i] as Serving)(context, nowMs);
    }
    return otherwise(context, nowMs);
  };
}
