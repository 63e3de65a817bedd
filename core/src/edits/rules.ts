import type { Rule } from '../model.ts';
import type { RulePlace } from './edit.ts';

/** The place of a rule. @throws {NotThere} */
function requireRule(rules: readonly Rule[], id: string): number {
  const at = rules.findIndex((rule) => rule.id === id);
  if (at < 0) throw new NotThere(`the rule "${id}" is gone`);
  return at;
}

/** Something that an edit names is not as the edit needs it. */
export class NotThere extends Error {}

export function insertRule(rules: readonly Rule[], rule: Rule, place: RulePlace): Rule[] {
  if (rules.some(({ id }) => id === rule.id)) throw new NotThere(`there is a rule "${rule.id}" already`);
  const at = placeOf(rules, place);
  return [...rules.slice(0, at), rule, ...rules.slice(at)];
}

export function replaceRule(rules: readonly Rule[], id: string, change: (rule: Rule) => Rule): Rule[] {
  requireRule(rules, id);
  return rules.map((rule) => (rule.id === id ? change(rule) : rule));
}

export function removeRule(rules: readonly Rule[], id: string): Rule[] {
  requireRule(rules, id);
  return rules.filter((rule) => rule.id !== id);
}

export function moveRule(rules: readonly Rule[], id: string, place: RulePlace): Rule[] {
  const rule = rules[requireRule(rules, id)];
  if (rule === undefined) return [...rules];
  const anchor = typeof place === 'string' ? undefined : 'before' in place ? place.before : place.after;
  if (anchor === id) throw new NotThere(`the rule "${id}" cannot go beside itself`);
  return insertRule(removeRule(rules, id), rule, place);
}

function placeOf(rules: readonly Rule[], place: RulePlace): number {
  if (place === 'first') return 0;
  if (place === 'last') return rules.length;
  return 'before' in place ? requireRule(rules, place.before) : requireRule(rules, place.after) + 1;
}
