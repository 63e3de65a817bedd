import type { Rule, Segment, Serve, Split } from '../model.ts';
import { exposedIn } from '../ramps/exposure.ts';
import { holdSplit } from '../ramps/hold.ts';
import { resumeSplit } from '../ramps/resume.ts';
import { EditConflict, type SegmentEdit, type Targeting, type TargetingEdit } from './edit.ts';
import { insertRule, moveRule, NotThere, removeRule, replaceRule } from './rules.ts';
import { addTargets, removeTargets } from './targets.ts';
import { setSteps, setWeights, weighServe } from './weigh.ts';

/**
 * A flag's targeting after these edits, one after the other. What the result means is checked apart (`checkFlag`).
 * @param nowMs milliseconds since 1970: new weights start from those that a schedule has reached
 * @throws {EditConflict} when one of them does not go with what is there; then none is applied
 */
export function applyEdits<T extends Targeting>(targeting: T, edits: readonly TargetingEdit[], nowMs: number): T {
  let result = targeting;
  for (const [at, edit] of edits.entries()) {
    result = explain(at, () => ({ ...result, ...changeOf(result, edit, nowMs) }));
  }
  return result;
}

/** A segment after these edits. Its keys are changed apart. */
export function applySegmentEdits<T extends Pick<Segment, 'by' | 'when'>>(
  segment: T,
  edits: readonly SegmentEdit[],
): T {
  let result = segment;
  for (const edit of edits) {
    const { by, when, ...rest } = result;
    const next =
      edit.kind === 'setCondition' ? { by, when: edit.when ?? undefined } : { by: edit.attribute ?? undefined, when };
    result = {
      ...rest,
      ...(next.by === undefined ? {} : { by: next.by }),
      ...(next.when === undefined ? {} : { when: next.when }),
    } as T;
  }
  return result;
}

/** What an edit makes different. */
function changeOf(targeting: Targeting, edit: TargetingEdit, nowMs: number): Partial<Targeting> {
  const { rules = [], targets = [], prerequisites = [], defaultRule } = targeting;
  switch (edit.kind) {
    case 'enable':
      return { enabled: true };
    case 'disable':
      return { enabled: false };
    case 'setOffVariant':
      return { offVariant: edit.variant };
    case 'setSafeVariant':
      return { safeVariant: edit.variant ?? undefined };
    case 'addRule': {
      const rule = { ...edit.rule, serve: weighServe(edit.rule.serve, undefined, nowMs) };
      return { rules: insertRule(rules, rule, edit.place ?? 'last') };
    }
    case 'updateRule':
      return { rules: replaceRule(rules, edit.rule, (rule) => updateRule(rule, edit)) };
    case 'removeRule':
      return { rules: removeRule(rules, edit.rule) };
    case 'moveRule':
      return { rules: moveRule(rules, edit.rule, edit.place) };
    case 'setRuleServe':
      return changeServe(targeting, edit.rule, (serve) => weighServe(edit.serve, serve, nowMs));
    case 'setDefaultServe':
      return { defaultRule: weighServe(edit.serve, defaultRule, nowMs) };
    case 'setRollout':
      return changeServe(targeting, edit.rule, (serve) => setWeights(serve, edit.weights, nowMs, edit.lease));
    case 'setSchedule':
      return changeServe(targeting, edit.rule, (serve) => setSteps(serve, edit.steps, nowMs));
    case 'holdRamp':
      return changeServe(targeting, edit.rule, (serve) =>
        changeSplit(serve, (split) => holdSplit(split, exposedIn(targeting), { ...edit.cause, atMs: nowMs })),
      );
    case 'resumeRamp':
      return changeServe(targeting, edit.rule, (serve) =>
        changeSplit(serve, (split) => resumeSplit(split, edit.cause, nowMs)),
      );
    case 'addTargets':
      return { targets: addTargets(targets, subjectsOf(edit)) };
    case 'removeTargets':
      return { targets: removeTargets(targets, subjectsOf(edit)) };
    case 'setTargets':
      return { targets: edit.targets };
    case 'addPrerequisite': {
      const { flag } = edit.prerequisite;
      if (prerequisites.some((present) => present.flag === flag)) {
        throw new NotThere(`there is a prerequisite on "${flag}" already`);
      }
      return { prerequisites: [...prerequisites, edit.prerequisite] };
    }
    case 'removePrerequisite': {
      const kept = prerequisites.filter(({ flag }) => flag !== edit.flag);
      if (kept.length === prerequisites.length) throw new NotThere(`the prerequisite on "${edit.flag}" is gone`);
      return { prerequisites: kept };
    }
    case 'setPrerequisites':
      return { prerequisites: edit.prerequisites };
  }
}

function subjectsOf<T extends { readonly kind: string }>({ kind: _, ...subjects }: T): Omit<T, 'kind'> {
  return subjects;
}

function updateRule(rule: Rule, { name, when }: TargetingEdit & { readonly kind: 'updateRule' }): Rule {
  const { name: before, ...rest } = rule;
  const after = name === undefined ? before : (name ?? undefined);
  const { id, when: condition, ...serve } = rest;
  return { id, ...(after === undefined ? {} : { name: after }), when: when ?? condition, ...serve };
}

/** @param id the rule's; undefined: the default rule is meant */
function changeServe(
  { rules = [], defaultRule }: Targeting,
  id: string | undefined,
  change: (serve: Serve) => Serve,
): Partial<Targeting> {
  if (id === undefined) return { defaultRule: change(defaultRule) };
  return { rules: replaceRule(rules, id, (rule) => ({ ...rule, serve: change(rule.serve) })) };
}

function changeSplit(serve: Serve, change: (split: Split) => Split): Serve {
  if (!('split' in serve)) throw new NotThere('there is no split, and so no ramp');
  return { split: change(serve.split) };
}

function explain<T>(at: number, apply: () => T): T {
  try {
    return apply();
  } catch (error) {
    if (error instanceof NotThere) throw new EditConflict(at, error.message);
    if (error instanceof RangeError) throw new EditConflict(at, `the weights ${error.message}`);
    throw error;
  }
}
