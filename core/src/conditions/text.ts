import { FALSE, TRUE, UNKNOWN } from '../truth.ts';
import { text } from '../validate/check.ts';
import { inLowerCase, MAX_VALUES, type Matcher, type OperatorDefinition, textValues, truthOf } from './matcher.ts';

export const STARTS_WITH = define((value, part) => value.startsWith(part));
export const ENDS_WITH = define((value, part) => value.endsWith(part));
export const CONTAINS = define((value, part) => value.includes(part));

/** An operator that looks for any of its values in the attribute. */
function define(has: (value: string, part: string) => boolean): OperatorDefinition {
  return {
    minValues: 1,
    maxValues: MAX_VALUES,
    checkValue: text(1, 1000),
    compile(comparison) {
      const parts = textValues(comparison);
      const [only = ''] = parts;
      const hasOnly: Matcher = (value) => (typeof value === 'string' ? truthOf(has(value, only)) : UNKNOWN);
      const hasOne: Matcher = (value) => {
        if (typeof value !== 'string') return UNKNOWN;
        for (const part of parts) if (has(value, part)) return TRUE;
        return FALSE;
      };
      const match = parts.length === 1 ? hasOnly : hasOne;
      return comparison.ignoreCase === true ? inLowerCase(match) : match;
    },
  };
}
