import { parseRange } from '../conditions/version-range.ts';
import type { Flag, FlagType, Prerequisite } from '../model.ts';
import {
  and,
  boolean,
  type Check,
  exactlyOne,
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
} from './check.ts';
import { checkCondition } from './check-condition.ts';
import { checkServe } from './check-serve.ts';
import { checkVariantReferences } from './check-variant-references.ts';
import { safely } from './safely.ts';

const VALUE_CHECKS: Readonly<Record<FlagType, (value: unknown) => boolean>> = {
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => Number.isFinite(value),
  object: (value) => typeof value === 'object' && value !== null,
};

const any: Check = () => FINE;
const name = text(1, 100);

const version: Check = (value) =>
  typeof value === 'string' && /^v?\d/.test(value) && parseRange(`>=${value}`) !== undefined
    ? FINE
    : problem(`must be a version such as 2.4.0; is ${nameOf(value)}`);

const identity = object({
  key: name,
  type: oneOf(...Object.keys(VALUE_CHECKS)),
  variants: list(object({ name, 'requires?': object({ attribute: text(1, 200), atLeast: version }) }), 1, 1000),
});

const prerequisite = and(
  object({ flag: name }),
  exactlyOne('prerequisite', {
    state: object({ state: oneOf('on', 'off') }),
    variants: object({ variants: list(name, 1, 1000) }),
    values: object({ values: list(any, 1, 1000) }),
  }),
);

const shape = and(
  identity,
  object({
    'bucketKey?': text(1, 200),
    enabled: boolean,
    offVariant: name,
    'safeVariant?': name,
    'schema?': (value) =>
      isRecord(value) || typeof value === 'boolean' ? FINE : problem(`must be a JSON Schema, is ${nameOf(value)}`),
    'prerequisites?': list(prerequisite, 0, 100),
    'targets?': list(
      object({ 'attribute?': text(1, 200), values: list(text(1, 1000), 0, 100_000), variant: name }),
      0,
      1000,
    ),
    'holdouts?': list(name, 0, 100),
    'rules?': list(object({ id: name, 'name?': text(0, 200), when: checkCondition, serve: checkServe }), 0, 10_000),
    defaultRule: checkServe,
    'clientVisible?': boolean,
    'slices?': boolean,
  }),
);

/**
 * Why a flag document is malformed, with the place and the fix; empty when it is fine. Fields it does not know are let
 * pass. Never throws.
 */
export function checkFlag(document: unknown): Problem[] {
  return safely(() => {
    const problems = shape(document);
    if (problems !== FINE) return problems;
    const flag = document as Flag;
    return join(checkVariants(flag), join(checkVariantReferences(flag), checkRelations(flag)));
  });
}

function checkVariants({ type, variants }: Flag): readonly Problem[] {
  let problems = FINE;
  const seen = new Set<string>();
  for (const [i, variant] of variants.entries()) {
    const at = `variants[${i}]`;
    if (seen.has(variant.name)) problems = join(problems, problem(`repeats the name "${variant.name}"`, `${at}.name`));
    seen.add(variant.name);
    if (!VALUE_CHECKS[type](variant.value)) {
      const message = `must be of the flag's type, ${type}; is ${nameOf(variant.value)}`;
      problems = join(problems, problem(message, `${at}.value`));
    }
  }
  return problems;
}

/** What a table cannot say, about a flag whose shape is fine. */
function checkRelations(flag: Flag): readonly Problem[] {
  let problems = FINE;
  const ids = new Set<string>();
  for (const [i, { id }] of (flag.rules ?? []).entries()) {
    if (ids.has(id)) problems = join(problems, problem(`repeats "${id}"`, `rules[${i}].id`));
    ids.add(id);
  }
  for (const [i, { flag: parent }] of (flag.prerequisites ?? []).entries() as Iterable<[number, Prerequisite]>) {
    if (parent !== flag.key) continue;
    problems = join(problems, problem('must not be the flag itself', `prerequisites[${i}].flag`));
  }
  for (const [i, variant] of flag.variants.entries()) {
    const isFallback = variant.name === flag.offVariant || variant.name === flag.safeVariant;
    if (variant.requires === undefined || !isFallback) continue;
    const message = 'is not for the off or safe variant, which is what others are served instead';
    problems = join(problems, problem(message, `variants[${i}].requires`));
  }
  return problems;
}
