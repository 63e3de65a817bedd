import type { FlagType } from '../model.ts';
import {
  boolean,
  type Check,
  FINE,
  isRecord,
  join,
  list,
  nameOf,
  object,
  oneOf,
  type Problem,
  problem,
  text,
  within,
} from './check.ts';
import { checkCondition } from './check-condition.ts';
import { serveOf } from './check-serve.ts';

const VALUE_CHECKS: Readonly<Record<FlagType, (value: unknown) => boolean>> = {
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => Number.isFinite(value),
  object: (value) => typeof value === 'object' && value !== null,
};

const identity = object({
  key: text(1, 100),
  type: oneOf('boolean', 'string', 'number', 'object'),
  variants: list(object({ name: text(1, 100) }), 1, 1000),
});

/**
 * Why a flag document is malformed, with the place and the fix; empty when it is fine. Fields it does not know are let
 * pass. Never throws.
 */
export function checkFlag(document: unknown): Problem[] {
  try {
    const problems = identity(document);
    if (problems !== FINE || !isRecord(document)) return [...problems];
    const variants = document.variants as readonly Readonly<Record<string, unknown>>[];
    const names = new Set(variants.map((variant) => variant.name));
    const variant: Check = (name) =>
      names.has(name)
        ? FINE
        : problem(`must name one of the flag's variants (${[...names].slice(0, 10).join(', ')}); is ${nameOf(name)}`);
    const serve = serveOf(variant);
    const rest = object({
      'bucketKey?': text(1, 200),
      enabled: boolean,
      offVariant: variant,
      'safeVariant?': variant,
      'rules?': list(object({ id: text(1, 100), 'name?': text(0, 200), when: checkCondition, serve }), 0, 10_000),
      defaultRule: serve,
      'clientVisible?': boolean,
    });
    return [...join(checkVariants(document.type as FlagType, variants), join(rest(document), checkRuleIds(document)))];
  } catch (error) {
    return [{ path: '', message: `cannot be read: ${error instanceof Error ? error.message : 'unknown error'}` }];
  }
}

function checkVariants(type: FlagType, variants: readonly Readonly<Record<string, unknown>>[]): readonly Problem[] {
  let problems = FINE;
  const seen = new Set<unknown>();
  for (const [i, { name, value }] of variants.entries()) {
    if (seen.has(name)) problems = join(problems, problem(`repeats the name ${nameOf(name)}`, `variants[${i}].name`));
    seen.add(name);
    if (!VALUE_CHECKS[type](value)) {
      problems = join(
        problems,
        problem(`must be of the flag's type, ${type}; is ${nameOf(value)}`, `variants[${i}].value`),
      );
    }
  }
  return problems;
}

function checkRuleIds(document: Readonly<Record<string, unknown>>): readonly Problem[] {
  if (!Array.isArray(document.rules)) return FINE;
  let problems = FINE;
  const seen = new Set<unknown>();
  for (const [i, rule] of document.rules.entries()) {
    if (!isRecord(rule)) continue;
    if (seen.has(rule.id))
      problems = join(problems, within(`rules[${i}]`, problem(`repeats ${nameOf(rule.id)}`, 'id')));
    seen.add(rule.id);
  }
  return problems;
}
