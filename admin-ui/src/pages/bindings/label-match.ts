import { checkPattern, patternFinder } from '@bunting/core';
import { t } from '@lingui/core/macro';
import type { Matcher } from '../../api/types.ts';

export type Labels = Readonly<Record<string, string>>;

/**
 * Why an alert is not meant by matchers, or undefined: it is. As the server judges it, so that it can be said while someone
 * types. A pattern that is none fits nothing.
 */
export function mismatchOf(match: readonly Matcher[]): (labels: Labels) => string | undefined {
  const tests = match.map((matcher) => ({ label: matcher.label, fits: testOf(matcher) }));
  return (labels) => {
    for (const { label, fits } of tests) {
      const value = Object.hasOwn(labels, label) ? labels[label] : undefined;
      if (value === undefined) return t`it has no label “${label}”`;
      if (!fits(value)) return t`its label “${label}” is “${value.slice(0, 100)}”`;
    }
    return undefined;
  };
}

function testOf(matcher: Matcher): (value: string) => boolean {
  if ('equals' in matcher) return (value) => value === matcher.equals;
  if ('in' in matcher) return (value) => matcher.in.includes(value);
  if ('matches' in matcher) {
    return checkPattern(matcher.matches).length === 0 ? patternFinder([matcher.matches]) : () => false;
  }
  return () => true;
}
