import {
  type Condition,
  compile,
  type Evaluation,
  type Flag as FlagDocument,
  isSameAnswer,
  type Serve,
  type Targeting,
} from '@bunting/core';
import { t } from '@lingui/core/macro';
import type { Flag } from '../api/types.ts';
import { documentOf } from '../flags/flag-document.ts';
import type { Impact, ImpactMove } from './impact.ts';
import { madeContexts, paletteOf } from './made-contexts.ts';

/** Contexts that are made up where none was seen. */
const count = 10_000;

/**
 * Whom a draft moves among contexts that are made up from what its rules name: which way people go, not how many there
 * are. Segments are attributes of their own, of which half is in; prerequisites hold.
 * @param nowMs milliseconds since 1970, UTC
 */
export function madeImpact(flag: Flag, base: Targeting, mine: Targeting, nowMs: number): Impact {
  const [was, is] = [alone(documentOf(flag, base)), alone(documentOf(flag, mine))];
  const revision = { incarnation: 'draft', number: 0, hash: '' };
  const [before, after] = [was, is].map((document) => compile({ revision, flags: [document] }));
  const contexts = madeContexts(paletteOf([was, is]), [...splitBy(was), ...splitBy(is)], count);
  const moves = new Map<Evaluation, Map<Evaluation, ImpactMove & { contexts: number; examples: object[] }>>();
  let moved = 0;
  for (const context of contexts) {
    const had = before?.evaluate(flag.key, context, nowMs);
    const has = after?.evaluate(flag.key, context, nowMs);
    if (!had || !has || isSameAnswer(had, has)) continue;
    moved += 1;
    const from = moves.get(had) ?? new Map();
    moves.set(had, from);
    const move = from.get(has) ?? { before: answerOf(had), after: answerOf(has), contexts: 0, examples: [] };
    from.set(has, move);
    move.contexts += 1;
    if (move.examples.length < 5) move.examples.push(context);
  }
  const all = [...moves.values()].flatMap((from) => [...from.values()]);
  return { seen: contexts.length, moved, moves: all.sort((a, b) => b.contexts - a.contexts) };
}

function answerOf({ variant, metadata: { ruleId, cause } }: Evaluation) {
  return {
    variant: variant ?? null,
    ...(typeof ruleId === 'string' && { ruleId }),
    ...(typeof cause === 'string' && { cause }),
  };
}

/** The flag without what it asks of other documents. */
function alone({ prerequisites: _, rules = [], ...flag }: FlagDocument): FlagDocument {
  return { ...flag, rules: rules.map((rule) => ({ ...rule, when: withoutSegments(rule.when) })) };
}

function withoutSegments(condition: Condition): Condition {
  if ('all' in condition) return { all: condition.all.map(withoutSegments) };
  if ('any' in condition) return { any: condition.any.map(withoutSegments) };
  if ('not' in condition) return { not: withoutSegments(condition.not) };
  if (!('segment' in condition)) return condition;
  // A dot would lead into an object.
  const attribute = t`in segment ${condition.segment}`.replaceAll('.', '·');
  return { attribute, operator: 'in', values: [true] };
}

function splitBy({ rules = [], defaultRule }: FlagDocument): string[] {
  const serves: readonly Serve[] = [...rules.map(({ serve }) => serve), defaultRule];
  return serves.flatMap((serve) => ('split' in serve && serve.split.by !== undefined ? [serve.split.by] : []));
}
