import { applyEdits, EditConflict, editsBetween, type Targeting, type TargetingEdit } from '@bunting/core';
import { t } from '@lingui/core/macro';
import type { FlagEnvironment } from '../../api/types.ts';

/** What someone makes of an environment's targeting, and what they began from. */
export interface Draft {
  /** The environment's version that `base` was. */
  readonly version: number;
  readonly base: Targeting;
  readonly mine: Targeting;
  /** Why, as far as it is written. */
  readonly comment: string;
  /** What is typed as JSON, for as long as it cannot be served: `mine` is as it was before. */
  readonly text?: string;
  /** The change request that it is to be said in; absent: it is saved or proposed by itself. */
  readonly request?: AmendedRequest;
}

/** A change request as it was when it was begun to be edited. */
export interface AmendedRequest {
  readonly id: string;
  readonly title: string;
  readonly version: number;
}

/** What edits are made of. The API leaves the leaves of conditions open: here they are core's again, which checks them. */
export function targetingOf(state: FlagEnvironment): Targeting {
  const { enabled, offVariant, safeVariant, prerequisites, targets, rules, defaultRule } = state;
  const present = Object.entries({ safeVariant, prerequisites, targets }).filter(([, value]) => value !== undefined);
  return { enabled, offVariant, rules, defaultRule, ...Object.fromEntries(present) } as unknown as Targeting;
}

export function beginDraft(state: FlagEnvironment): Draft {
  const base = targetingOf(state);
  return { version: state.version, base, mine: base, comment: '' };
}

/** What saving the draft would change. */
export function editsOf({ base, mine }: Draft): TargetingEdit[] {
  return editsBetween(base, mine);
}

/** Two people changed one thing: what each of them did, and what comes of putting one upon the other. */
export interface Merge {
  readonly theirs: TargetingEdit[];
  readonly mine: TargetingEdit[];
  /** Theirs with mine upon it; undefined when mine does not go with it any more, as `conflict` says. */
  readonly both: Draft | undefined;
  readonly conflict: string | undefined;
  /** What both changed: of these mine would stay. */
  readonly clashes: readonly string[];
}

/** @param nowMs milliseconds since 1970: new weights start from those that a schedule has reached */
export function mergeDraft(draft: Draft, state: FlagEnvironment, nowMs: number): Merge {
  const now = targetingOf(state);
  const theirs = editsBetween(draft.base, now);
  const mine = editsOf(draft);
  const touched = new Set(theirs.map(subjectOf));
  const clashes = [...new Set(mine.map(subjectOf))].filter((subject) => touched.has(subject));
  if (draft.text !== undefined)
    return { theirs, mine, both: undefined, conflict: t`your JSON cannot be served yet`, clashes };
  try {
    const both = { ...draft, version: state.version, base: now, mine: applyEdits(now, mine, nowMs) };
    return { theirs, mine, both, conflict: undefined, clashes };
  } catch (error) {
    if (!(error instanceof EditConflict)) throw error;
    return { theirs, mine, both: undefined, conflict: error.message, clashes };
  }
}

/** My draft as it is, in place of what is there now: it takes back whatever others changed. */
export function overrule(draft: Draft, state: FlagEnvironment): Draft {
  return { ...draft, version: state.version, base: targetingOf(state) };
}

/** What an edit is about, in words: two edits of one subject cannot both stay. */
function subjectOf(edit: TargetingEdit): string {
  switch (edit.kind) {
    case 'enable':
    case 'disable':
      return t`whether the flag is on`;
    case 'setOffVariant':
      return t`the off variant`;
    case 'setSafeVariant':
      return t`the safe variant`;
    case 'setTargets':
      return t`the individual targets`;
    case 'setPrerequisites':
      return t`the prerequisites`;
    case 'setDefaultServe':
      return t`what the default rule serves`;
    case 'setRuleServe':
      return t`what rule ${edit.rule} serves`;
    case 'updateRule':
      return t`the name or condition of rule ${edit.rule}`;
    case 'addRule':
      return t`the new rule ${edit.rule.id}`;
    case 'moveRule':
    case 'removeRule':
      return t`where rule ${edit.rule} stands`;
    default:
      return edit.kind;
  }
}
