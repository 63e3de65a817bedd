import type { Comparison } from '../model.ts';
import { UNKNOWN } from '../truth.ts';
import { FINE, nameOf, problem } from '../validate/check.ts';
import { inLowerCase, MAX_VALUES, type Matcher, type OperatorDefinition, textValues, truthOf } from './matcher.ts';

/** Up to this many strings are compared one by one, which is faster than hashing and takes less memory than a set. */
const SHORT = 4;

export const IN: OperatorDefinition = {
  minValues: 1,
  maxValues: MAX_VALUES,
  checkValue: (value) =>
    typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
      ? FINE
      : problem(`must be a string, a finite number, true or false; is ${nameOf(value)}`),
  compile: (comparison) =>
    comparison.values.every((value) => typeof value === 'string') ? compileTexts(comparison) : compileMixed(comparison),
};

function compileTexts(comparison: Comparison): Matcher {
  const match = isOneOf(textValues(comparison));
  return comparison.ignoreCase === true ? inLowerCase(match) : match;
}

function isOneOf(texts: readonly string[]): Matcher {
  const [only] = texts;
  if (texts.length === 1) return (value) => (typeof value === 'string' ? truthOf(value === only) : UNKNOWN);
  if (texts.length <= SHORT) return (value) => (typeof value === 'string' ? truthOf(texts.includes(value)) : UNKNOWN);
  const set = new Set(texts);
  return (value) => (typeof value === 'string' ? truthOf(set.has(value)) : UNKNOWN);
}

/** A value of a type that none of the values has is unknown. */
function compileMixed({ values, ignoreCase }: Comparison): Matcher {
  const fold = (value: unknown) => (ignoreCase === true && typeof value === 'string' ? value.toLowerCase() : value);
  const set = new Set<unknown>(values.map(fold));
  const types = new Set<string>(values.map((value) => typeof value));
  return (value) => {
    if (!types.has(typeof value) || Number.isNaN(value)) return UNKNOWN;
    return truthOf(set.has(fold(value)));
  };
}
