import type { Comparison, Condition } from '@bunting/core';

/** A condition as the builder shows it: what negates it stands beside it, not around it. */
export type ConditionView =
  | { readonly kind: 'group'; readonly word: 'all' | 'any'; readonly negated: boolean; readonly parts: Condition[] }
  | { readonly kind: 'comparison'; readonly negated: boolean; readonly comparison: Comparison }
  | { readonly kind: 'segment'; readonly negated: boolean; readonly segment: string }
  | {
      readonly kind: 'during';
      readonly negated: boolean;
      readonly from?: string | undefined;
      readonly until?: string | undefined;
    }
  /** What the builder has no form for, such as a negation of a negation: shown as it is stored. */
  | { readonly kind: 'other'; readonly condition: Condition };

/** The inverse of `conditionOf`. */
export function viewOf(condition: Condition): ConditionView {
  const negated = 'not' in condition;
  const inner = negated ? condition.not : condition;
  if ('not' in inner) return { kind: 'other', condition };
  if ('all' in inner) return { kind: 'group', word: 'all', negated, parts: [...inner.all] };
  if ('any' in inner) return { kind: 'group', word: 'any', negated, parts: [...inner.any] };
  if ('segment' in inner) return { kind: 'segment', negated, segment: inner.segment };
  if ('during' in inner) return { kind: 'during', negated, ...inner.during };
  if ('attribute' in inner) return { kind: 'comparison', negated, comparison: inner };
  return { kind: 'other', condition };
}

export function conditionOf(view: ConditionView): Condition {
  if (view.kind === 'other') return view.condition;
  const plain = plainOf(view);
  return view.negated ? { not: plain } : plain;
}

function plainOf(view: Exclude<ConditionView, { kind: 'other' }>): Condition {
  switch (view.kind) {
    case 'group':
      return view.word === 'all' ? { all: view.parts } : { any: view.parts };
    case 'segment':
      return { segment: view.segment };
    case 'during': {
      const { from, until } = view;
      return { during: { ...(from !== undefined && { from }), ...(until !== undefined && { until }) } };
    }
    case 'comparison':
      return view.comparison;
  }
}

/** What a new line of the builder is: to be filled in, and refused until it is. */
export const emptyComparison: Comparison = { attribute: '', operator: 'in', values: [] };

/** The parts of a rule's condition at its top: one that is no group is shown as a group of one. */
export function topGroupOf(when: Condition): ConditionView & { kind: 'group' } {
  const view = viewOf(when);
  return view.kind === 'group' ? view : { kind: 'group', word: 'all', negated: false, parts: [when] };
}
