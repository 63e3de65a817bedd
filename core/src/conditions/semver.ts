import { FALSE, TRUE, UNKNOWN } from '../truth.ts';
import { type Check, FINE, nameOf, problem } from '../validate/check.ts';
import type { Matcher, OperatorDefinition } from './matcher.ts';
import { readVersion } from './version.ts';
import { isInRange, parseRange } from './version-range.ts';

const checkRange: Check = (value) =>
  typeof value === 'string' && value.length <= 200 && parseRange(value) !== undefined
    ? FINE
    : problem(
        `must be a version range such as 1.4.2, ^1.2, ~1.4.2, 1.x or ">=1.2.3 <2" (alternatives are further values); is ${nameOf(value)}`,
      );

export const SEMVER: OperatorDefinition = {
  minValues: 1,
  maxValues: 100,
  checkValue: checkRange,
  compile: ({ values }) => compileVersionMatcher(values.map(String)),
};

/** True when the value is a version in one of the ranges; unknown when it is no version. */
export function compileVersionMatcher(texts: readonly string[]): Matcher {
  const ranges = texts.map((text) => parseRange(text) ?? []);
  return (value) => {
    const version = typeof value === 'string' ? readVersion(value) : undefined;
    if (version === undefined) return UNKNOWN;
    for (const range of ranges) if (isInRange(version, range)) return TRUE;
    return FALSE;
  };
}
