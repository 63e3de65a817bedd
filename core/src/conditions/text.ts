import { text } from '../validate/check.ts';
import { MAX_VALUES, matchText, type OperatorDefinition, textValues } from './matcher.ts';

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
      const hasOne = (value: string) => {
        for (const part of parts) if (has(value, part)) return true;
        return false;
      };
      const fits = parts.length === 1 ? (value: string) => has(value, only) : hasOne;
      return comparison.ignoreCase === true ? matchText((value) => fits(value.toLowerCase())) : matchText(fits);
    },
  };
}
