import type { VariantWeight } from '../bucketing/reweigh.ts';
import { weightsOf } from '../bucketing/reweigh.ts';
import type { Prerequisite } from '../model.ts';
import type { RulePlace, SegmentEdit, ServeInput, Targeting, TargetingEdit } from './edit.ts';
import type { FlagEdit } from './flag-edits.ts';

/**
 * An edit as a sentence for people, without its full stop.
 * @param targeting what it is applied to, so that rules can be called by their names
 */
export function describeEdit(
  edit: TargetingEdit | FlagEdit | SegmentEdit,
  targeting?: Pick<Targeting, 'rules'>,
): string {
  const nameOf = (id: string) => `"${targeting?.rules?.find((rule) => rule.id === id)?.name ?? id}"`;
  const ruleOf = (id: string | undefined) => (id === undefined ? 'the default rule' : `rule ${nameOf(id)}`);
  switch (edit.kind) {
    case 'enable':
      return 'Turn the flag on';
    case 'disable':
      return 'Turn the flag off';
    case 'setOffVariant':
      return `Serve "${edit.variant}" while it is off`;
    case 'setSafeVariant':
      return edit.variant === null ? 'Serve the off variant when killed' : `Serve "${edit.variant}" when killed`;
    case 'addRule': {
      const { rule, place = 'last' } = edit;
      return `Add rule "${rule.name ?? rule.id}" ${describePlace(place, nameOf)}, which serves ${describeServe(rule.serve)}`;
    }
    case 'updateRule': {
      const named = edit.name === undefined ? [] : [edit.name === null ? 'take its name' : `call it "${edit.name}"`];
      const what = [...named, ...(edit.when === undefined ? [] : ['change its condition'])];
      return `Change ${ruleOf(edit.rule)}: ${what.length === 0 ? 'nothing' : what.join(' and ')}`;
    }
    case 'removeRule':
      return `Remove ${ruleOf(edit.rule)}`;
    case 'moveRule':
      return `Move ${ruleOf(edit.rule)} ${describePlace(edit.place, nameOf)}`;
    case 'setRuleServe':
      return `Let ${ruleOf(edit.rule)} serve ${describeServe(edit.serve)}`;
    case 'setDefaultServe':
      return `Let the default rule serve ${describeServe(edit.serve)}`;
    case 'setRollout':
      return `Let ${ruleOf(edit.rule)} serve ${describeWeights(edit.weights)}`;
    case 'setSchedule': {
      const steps = edit.steps.map(({ atMs, weights }) => `${describeWeights(weights)} from ${toTime(atMs)}`);
      return steps.length === 0
        ? `End the schedule of ${ruleOf(edit.rule)}`
        : `Let ${ruleOf(edit.rule)} serve ${steps.join(', then ')}`;
    }
    case 'holdRamp':
      return `Hold the ramp of ${ruleOf(edit.rule)}: ${edit.cause.reason}`;
    case 'resumeRamp':
      return edit.cause === undefined
        ? `Let the ramp of ${ruleOf(edit.rule)} go on`
        : `Hold the ramp of ${ruleOf(edit.rule)} for "${edit.cause}" no longer`;
    case 'addTargets':
      return `Serve "${edit.variant}" to ${describeSubjects(edit)}`;
    case 'removeTargets':
      return `Serve ${edit.variant === undefined ? 'no variant' : `"${edit.variant}" no longer`} by name to ${describeSubjects(edit)}`;
    case 'setTargets':
      return edit.targets.length === 0 ? 'Remove all individual targets' : 'Replace the individual targets';
    case 'addPrerequisite':
      return `Depend on ${describePrerequisite(edit.prerequisite)}`;
    case 'removePrerequisite':
      return `Depend on flag "${edit.flag}" no longer`;
    case 'setPrerequisites':
      return edit.prerequisites.length === 0
        ? 'Depend on no other flag'
        : `Depend on ${edit.prerequisites.map(describePrerequisite).join(' and ')}`;
    case 'setName':
      return `Call the flag "${edit.name}"`;
    case 'setDescription':
      return 'Change the description';
    case 'setOwner':
      return edit.owner === null ? 'Let nobody own the flag' : `Let "${edit.owner}" own the flag`;
    case 'addTag':
      return `Add the tag "${edit.tag}"`;
    case 'removeTag':
      return `Remove the tag "${edit.tag}"`;
    case 'addLink':
      return `Add a link to ${edit.link.url}`;
    case 'removeLink':
      return `Remove the link to ${edit.url}`;
    case 'addVariant':
      return `Add variant "${edit.variant.name}"`;
    case 'setVariantValue':
      return `Change the value of variant "${edit.variant}"`;
    case 'removeVariant':
      return `Remove variant "${edit.variant}"`;
    case 'setCondition':
      return edit.when === null ? 'Remove the condition' : 'Change the condition';
    case 'setAttribute':
      return `Look up "${edit.attribute ?? 'targetingKey'}" in the keys`;
  }
}

function describePlace(place: RulePlace, nameOf: (id: string) => string): string {
  if (typeof place === 'string') return place;
  return 'before' in place ? `before ${nameOf(place.before)}` : `after ${nameOf(place.after)}`;
}

function describeServe(serve: ServeInput): string {
  if (!('split' in serve)) return `"${serve.variant}"`;
  const { split } = serve;
  const weights = 'weights' in split ? split.weights : weightsOf(split.ranges);
  const later = 'schedule' in split && split.schedule !== undefined ? ', and other weights later' : '';
  const held = 'held' in split && split.held !== undefined ? ', in a ramp that is held' : '';
  return describeWeights(weights) + later + held;
}

function describeWeights(weights: readonly VariantWeight[]): string {
  if (weights.length === 0) return 'nobody';
  return weights.map(({ variant, weightPer100k }) => `"${variant}" to ${weightPer100k / 1000} %`).join(', ');
}

function describeSubjects({ attribute, values }: { readonly attribute?: string; readonly values: readonly string[] }) {
  const some = values.slice(0, 5).join(', ');
  const more = values.length > 5 ? ` and ${values.length - 5} more` : '';
  return `${attribute === undefined ? '' : `${attribute} `}${some}${more}`;
}

function describePrerequisite({ flag, state, variants, values }: Prerequisite): string {
  if (state !== undefined) return `flag "${flag}" being ${state}`;
  const wanted = variants ?? values?.map((value) => JSON.stringify(value)) ?? [];
  return `flag "${flag}" serving ${wanted.join(' or ')}`;
}

function toTime(atMs: number): string {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? String(atMs) : date.toISOString();
}
