import { type Check, exactlyOne, FINE, list, nameOf, object, oneOf, problem, text } from './check.ts';

/** How deeply conditions may be nested. People stay below 5; the bound keeps hostile documents off the stack. */
const MAX_DEPTH = 32;
const MAX_VALUES = 100_000;

const scalar: Check = (value) =>
  typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
    ? FINE
    : problem(`must be a string, a finite number, true or false; is ${nameOf(value)}`);

const comparison = object({
  attribute: text(1, 200),
  operator: oneOf('in'),
  values: list(scalar, 1, MAX_VALUES),
});

/** A condition tree. */
export const checkCondition: Check = conditionAt(1);

function conditionAt(depth: number): Check {
  const nested: Check = (value) =>
    depth === MAX_DEPTH ? problem(`is nested too deeply: at most ${MAX_DEPTH} levels`) : conditionAt(depth + 1)(value);
  return exactlyOne('condition', {
    all: object({ all: list(nested) }),
    any: object({ any: list(nested) }),
    not: object({ not: nested }),
    attribute: comparison,
  });
}
