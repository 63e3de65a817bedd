import { compileKeys, type Lookup } from '../compile/keys.ts';
import { Links } from '../compile/links.ts';
import { subjectOf } from '../compile/subject.ts';
import { compilePath } from '../conditions/attribute.ts';
import { compileLeaf, type LeafCondition } from '../conditions/condition.ts';
import type { MemoryRuleset } from '../memory-ruleset.ts';
import type { Condition, EvaluationContext } from '../model.ts';
import type { SegmentContent } from '../segment-slot.ts';
import { TRUE, type Truth, UNKNOWN } from '../truth.ts';
import { describeValue, nameTruth } from './describe.ts';
import type { ConditionTrace, SegmentTrace, TruthName } from './trace.ts';

/** What a walk through documents needs. The context is plain. */
export interface Walk {
  readonly ruleset: MemoryRuleset;
  readonly context: EvaluationContext;
  readonly nowMs: number;
}

/** Evaluates a condition by walking its document, as far as compiled code would go. */
export function traceCondition(condition: Condition, walk: Walk): ConditionTrace {
  if ('all' in condition) return traceParts(condition, condition.all, 'false', 'true', walk);
  if ('any' in condition) return traceParts(condition, condition.any, 'true', 'false', walk);
  if ('not' in condition) {
    const part = traceCondition(condition.not, walk);
    return { condition, truth: NEGATED[part.truth], parts: [part] };
  }
  return traceLeaf(condition, walk);
}

const NEGATED: Readonly<Record<TruthName, TruthName>> = { true: 'false', false: 'true', unknown: 'unknown' };

/** Stops at the first part that is `decisive`; otherwise unknown if one was, else `otherwise`. */
function traceParts(
  condition: Condition,
  conditions: readonly Condition[],
  decisive: TruthName,
  otherwise: TruthName,
  walk: Walk,
): ConditionTrace {
  const parts: ConditionTrace[] = [];
  for (const part of conditions) {
    const traced = traceCondition(part, walk);
    parts.push(traced);
    if (traced.truth === decisive) return { condition, truth: decisive, parts };
  }
  return { condition, truth: parts.some(({ truth }) => truth === 'unknown') ? 'unknown' : otherwise, parts };
}

function traceLeaf(condition: LeafCondition, walk: Walk): ConditionTrace {
  const links = new Links();
  const test = compileLeaf(condition, links);
  links.follow(walk.ruleset);
  const truth = nameTruth(test(walk.context, walk.nowMs));
  if ('segment' in condition) return { condition, truth, segment: traceSegment(condition.segment, walk) };
  if ('during' in condition) return { condition, truth };
  const value = compilePath(condition.attribute)(walk.context);
  return { condition, truth, value: describeValue(value), missing: value === undefined };
}

function traceSegment(key: string, walk: Walk): SegmentTrace {
  const content = walk.ruleset.parts.tables.segment.get(key)?.content;
  if (content === undefined) return { state: 'missing' };
  if (walk.ruleset.isCyclicSegment(key)) return { state: 'cycle' };
  return traceContent(content, walk);
}

function traceContent(content: SegmentContent, walk: Walk): SegmentTrace {
  const { pages } = walk.ruleset.parts.tables;
  const subject = subjectOf(compilePath(content.by)(walk.context));
  const excluded = ask(compileKeys(content, 'excluded', pages), subject);
  const included = ask(compileKeys(content, 'included', pages), subject);
  const isDecided = excluded === TRUE || included === TRUE;
  return {
    state: excluded === UNKNOWN || included === UNKNOWN ? 'pages-missing' : 'ok',
    excluded: isMember(excluded),
    included: isMember(included),
    when: content.when === undefined || isDecided ? undefined : traceCondition(content.when, walk),
  };
}

function ask(lookup: Lookup | undefined, subject: string | undefined): Truth | undefined {
  return lookup === undefined || subject === undefined ? undefined : lookup(subject);
}

function isMember(truth: Truth | undefined): boolean | undefined {
  return truth === undefined || truth === UNKNOWN ? undefined : truth === TRUE;
}
