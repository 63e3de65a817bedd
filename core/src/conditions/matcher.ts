import type { Comparison } from '../model.ts';
import { FALSE, TRUE, type Truth } from '../truth.ts';
import type { Check } from '../validate/check.ts';

/** Compares one value that was read from a context. `nowMs` is the evaluation's moment. */
export type Matcher = (value: unknown, nowMs: number) => Truth;

/** All there is to know about an operator. */
export interface OperatorDefinition {
  /** Checks one of the comparison's values. */
  readonly checkValue: Check;
  /** How many values a comparison takes. */
  readonly minValues: number;
  readonly maxValues: number;
  /** Compiles a comparison whose values were checked. */
  compile(comparison: Comparison): Matcher;
  /** Whether the comparison depends on the time. */
  isTimed?(comparison: Comparison): boolean;
}

export const MAX_VALUES = 100_000;

export function truthOf(value: boolean): Truth {
  return value ? TRUE : FALSE;
}

/** Shows text in lower case to a matcher whose values are (see `textValues`). */
export function inLowerCase(match: Matcher): Matcher {
  return (value, nowMs) => match(typeof value === 'string' ? value.toLowerCase() : value, nowMs);
}

/** The comparison's values as text, in lower case when case is ignored. */
export function textValues({ values, ignoreCase }: Comparison): string[] {
  return values.map((value) => (ignoreCase === true ? String(value).toLowerCase() : String(value)));
}
