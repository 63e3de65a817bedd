import { compileHoldout, holdoutHash } from '../compile/claim.ts';
import { heldOut } from '../compile/decision.ts';
import { lapsed } from '../compile/lease.ts';
import type { Metadata, Outcomes } from '../compile/outcomes.ts';
import { outsideOutcome } from '../compile/serve.ts';
import { missingSubject } from '../compile/split.ts';
import { compileTargets } from '../compile/targets.ts';
import { belowFloor, compileFloor } from '../compile/version-floor.ts';
import { compilePath } from '../conditions/attribute.ts';
import type { Evaluation, Reason } from '../evaluation.ts';
import type { Flag, Serve } from '../model.ts';
import { traceCondition, type Walk } from './condition-trace.ts';
import { describeValue, findPlace, nameTruth } from './describe.ts';
import { traceServe } from './serve-trace.ts';
import type { ServeTrace, TraceStep } from './trace.ts';

/** What an enabled flag does with a context: targets, holdouts, rules, default rule, version floors. */
export function traceDecision(flag: Flag, outcomes: Outcomes, walk: Walk, steps: TraceStep[]): Evaluation {
  const chosen = choose(flag, outcomes, walk, steps) ?? outsideOutcome(flag, outcomes);
  const requires = flag.variants.find(({ name }) => name === chosen.variant)?.requires;
  if (chosen.variant === undefined || requires === undefined) return chosen;
  const truth = nameTruth(compileFloor(requires)(walk.context, walk.nowMs));
  const value = describeValue(compilePath(requires.attribute)(walk.context));
  steps.push({ step: 'version-floor', variant: chosen.variant, requires, value, truth });
  return truth === 'true' ? chosen : belowFloor(flag, chosen.variant, outcomes);
}

function choose(flag: Flag, outcomes: Outcomes, walk: Walk, steps: TraceStep[]): Evaluation | undefined {
  if (flag.targets !== undefined && flag.targets.length > 0) {
    const target = compileTargets(flag, outcomes)(walk.context, walk.nowMs);
    steps.push({ step: 'targets', variant: target?.variant });
    if (target !== undefined) return target;
  }
  for (const key of flag.holdouts ?? []) {
    const holdout = walk.ruleset.findHoldout(key);
    const truth = holdout === undefined ? 'false' : nameTruth(compileHoldout(holdout)(walk.context, walk.nowMs));
    const place = holdout === undefined ? undefined : findPlace(holdoutHash(holdout), walk.context);
    steps.push({ step: 'holdout', holdout: key, truth, place });
    if (truth === 'true') return heldOut(flag, key, outcomes);
  }
  for (const { id, name, when, serve } of flag.rules ?? []) {
    const condition = traceCondition(when, walk);
    const served = condition.truth === 'true' ? traceServe(serve, flag, walk) : undefined;
    steps.push({ step: 'rule', id, name, condition, serve: served });
    const outcome = served && toOutcome(serve, served, 'TARGETING_MATCH', outcomes, { ruleId: id });
    if (outcome !== undefined) return outcome;
  }
  const served = traceServe(flag.defaultRule, flag, walk);
  steps.push({ step: 'default-rule', serve: served });
  return toOutcome(flag.defaultRule, served, 'DEFAULT', outcomes);
}

/** What a serve answers; undefined for subjects outside a layer's claim. */
function toOutcome(
  serve: Serve,
  { variant, split, layer }: ServeTrace,
  reason: Reason,
  outcomes: Outcomes,
  metadata?: Metadata,
): Evaluation | undefined {
  if (split?.lapsed !== undefined) return lapsed(split.lapsed, outcomes, metadata);
  if (variant !== undefined) return outcomes.serve(variant, 'split' in serve ? 'SPLIT' : reason, metadata);
  if (layer?.truth === 'unknown') return missingSubject(outcomes, `the layer "${layer.key}"`, metadata);
  return split === undefined ? undefined : missingSubject(outcomes, `"${split.place.by}"`, metadata);
}
