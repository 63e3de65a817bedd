import { compileDecision, compileStatic } from '../compile/decision.ts';
import { killedOutcome, offOutcome } from '../compile/flag.ts';
import { Links } from '../compile/links.ts';
import { Outcomes } from '../compile/outcomes.ts';
import { blockedOutcome, compilePrerequisite, heldOutcome, standingOf, unmet } from '../compile/prerequisites.ts';
import { momentOf } from '../compile/scope.ts';
import { plainContext, withAmbient } from '../conditions/attribute.ts';
import type { Evaluation } from '../evaluation.ts';
import { MemoryRuleset } from '../memory-ruleset.ts';
import type { EvaluationContext, Flag } from '../model.ts';
import type { CompiledRuleset } from '../ruleset.ts';
import { traceDecision } from './decision-trace.ts';
import type { Trace, TraceStep } from './trace.ts';

/**
 * Evaluates as `ruleset.evaluate` does, by walking the documents instead of running the compiled flag, and tells every
 * step. Never throws. Some hundred times slower than `evaluate`.
 */
export function explain(
  ruleset: CompiledRuleset,
  flagKey: string,
  context: EvaluationContext,
  nowMs: number = Number.NaN,
): Trace {
  if (!(ruleset instanceof MemoryRuleset)) throw new TypeError('The ruleset must come from this package');
  const steps: TraceStep[] = [];
  let evaluation: Evaluation;
  try {
    evaluation = walk(ruleset, flagKey, context, nowMs, steps);
  } catch (error) {
    evaluation = ruleset.explainError(error);
  }
  return { flag: flagKey, evaluation, steps };
}

function walk(
  ruleset: MemoryRuleset,
  flagKey: string,
  context: EvaluationContext,
  nowMs: number,
  steps: TraceStep[],
): Evaluation {
  const slot = ruleset.findFlag(flagKey);
  const flag = slot?.parse();
  if (slot === undefined || flag === undefined) return ruleset.evaluate(flagKey, context, nowMs);
  const outcomes = new Outcomes(flag.variants);
  steps.push({ step: 'kill', killed: slot.killed });
  if (slot.killed) return killedOutcome(flag, outcomes);
  const standing = standingOf(flag, ruleset);
  if (standing.kind === 'held') {
    steps.push({ step: 'held', killedFlag: standing.by });
    return heldOutcome(flag, standing.by, outcomes);
  }
  steps.push({ step: 'enabled', enabled: flag.enabled });
  if (!flag.enabled) return offOutcome(flag, outcomes);
  if (standing.kind !== 'open') {
    steps.push({ step: 'prerequisites', problem: standing.kind });
    return blockedOutcome(flag, standing.kind, outcomes);
  }
  for (const prerequisite of flag.prerequisites ?? []) {
    const trace = traceParent(ruleset, prerequisite.flag, context, nowMs);
    const held = trace !== undefined && compilePrerequisite(prerequisite)(trace.evaluation);
    steps.push({ step: 'prerequisite', prerequisite, held, trace });
    if (!held) return unmet(flag, prerequisite, outcomes);
  }
  const certain = compileStatic(flag, outcomes);
  if (certain !== undefined) {
    steps.push({ step: 'default-rule', serve: { variant: certain.variant } });
    return certain;
  }
  const plain = withAmbient(plainContext(context), ruleset.ambient);
  const moment = isTimed(flag, ruleset) ? momentOf(nowMs, ruleset) : nowMs;
  return traceDecision(flag, outcomes, { ruleset, context: plain, nowMs: moment }, steps);
}

/** As `explain`, but what reading the context throws goes through to the flag that was asked for. */
function traceParent(
  ruleset: MemoryRuleset,
  flagKey: string,
  context: EvaluationContext,
  nowMs: number,
): Trace | undefined {
  if (ruleset.findFlag(flagKey) === undefined) return undefined;
  const steps: TraceStep[] = [];
  return { flag: flagKey, evaluation: walk(ruleset, flagKey, context, nowMs, steps), steps };
}

/** Whether the flag's own part of the decision depends on the time. */
function isTimed(flag: Flag, ruleset: MemoryRuleset): boolean {
  const links = new Links();
  compileDecision({ flag, outcomes: new Outcomes(flag.variants), links });
  links.follow(ruleset);
  return links.isTimed;
}
