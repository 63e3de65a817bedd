import { isEqual } from '../compile/equal.ts';
import type { Json, Rule } from '../model.ts';
import type { Targeting, TargetingEdit } from './edit.ts';

/**
 * Edits that make `after` of `before`: what a promotion or an undo would do, in words that people can read and keep.
 * Applied to `before` they give `after` to the bucket.
 */
export function editsBetween(before: Targeting, after: Targeting): TargetingEdit[] {
  const edits: TargetingEdit[] = [];
  if (before.enabled !== after.enabled) edits.push({ kind: after.enabled ? 'enable' : 'disable' });
  if (before.offVariant !== after.offVariant) edits.push({ kind: 'setOffVariant', variant: after.offVariant });
  if (before.safeVariant !== after.safeVariant) {
    edits.push({ kind: 'setSafeVariant', variant: after.safeVariant ?? null });
  }
  const { prerequisites = [], targets = [] } = after;
  if (!isSame(before.prerequisites ?? [], prerequisites)) edits.push({ kind: 'setPrerequisites', prerequisites });
  if (!isSame(before.targets ?? [], targets)) edits.push({ kind: 'setTargets', targets });
  edits.push(...ruleEdits(before.rules ?? [], after.rules ?? []));
  if (!isSame(before.defaultRule, after.defaultRule)) {
    edits.push({ kind: 'setDefaultServe', serve: after.defaultRule });
  }
  return edits;
}

function ruleEdits(before: readonly Rule[], after: readonly Rule[]): TargetingEdit[] {
  const known = new Map(before.map((rule, at) => [rule.id, { rule, at }]));
  const wanted = new Set(after.map(({ id }) => id));
  const edits: TargetingEdit[] = before
    .filter(({ id }) => !wanted.has(id))
    .map(({ id }) => ({ kind: 'removeRule', rule: id }));
  const stay = longestRising(after.map(({ id }) => known.get(id)?.at));
  for (const [at, rule] of after.entries()) {
    const previous = after[at - 1];
    const place = previous === undefined ? 'first' : { after: previous.id };
    const was = known.get(rule.id)?.rule;
    if (was === undefined) {
      edits.push({ kind: 'addRule', rule, place });
      continue;
    }
    if (!stay.has(at)) edits.push({ kind: 'moveRule', rule: rule.id, place });
    const name = was.name === rule.name ? undefined : (rule.name ?? null);
    const when = isSame(was.when, rule.when) ? undefined : rule.when;
    if (name !== undefined || when !== undefined) {
      const changed = { ...(name === undefined ? {} : { name }), ...(when === undefined ? {} : { when }) };
      edits.push({ kind: 'updateRule', rule: rule.id, ...changed });
    }
    if (!isSame(was.serve, rule.serve)) edits.push({ kind: 'setRuleServe', rule: rule.id, serve: rule.serve });
  }
  return edits;
}

/**
 * Indices of a longest rising part of a sequence (patience sorting): the rules that can stay where they are, so that as
 * few as possible are moved.
 */
function longestRising(sequence: readonly (number | undefined)[]): Set<number> {
  /** By length - 1: the index at which a rising part of that length ends lowest. */
  const ends: number[] = [];
  const previous = new Map<number, number | undefined>();
  for (const [index, value] of sequence.entries()) {
    if (value === undefined) continue;
    let length = 0;
    for (let above = ends.length; length < above; ) {
      const middle = (length + above) >> 1;
      if ((sequence[ends[middle] ?? 0] ?? 0) < value) length = middle + 1;
      else above = middle;
    }
    previous.set(index, ends[length - 1]);
    ends[length] = index;
  }
  const rising = new Set<number>();
  for (let at = ends.at(-1); at !== undefined; at = previous.get(at)) rising.add(at);
  return rising;
}

/** Whether two parts of documents, which are JSON, say the same. */
function isSame(a: unknown, b: unknown): boolean {
  return isEqual(a as Json, b as Json);
}
