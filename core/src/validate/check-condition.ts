import { parseMoment } from '../conditions/moment.ts';
import { findOperator, OPERATORS } from '../conditions/operators.ts';
import type { Comparison } from '../model.ts';
import {
  and,
  boolean,
  type Check,
  exactlyOne,
  FINE,
  join,
  list,
  nameOf,
  object,
  oneOf,
  problem,
  text,
  within,
} from './check.ts';

/** How deeply conditions may be nested. People stay below 5; the bound keeps hostile documents off the stack. */
const MAX_DEPTH = 32;

const comparison = and(
  object({
    attribute: text(1, 200),
    operator: oneOf(...Object.keys(OPERATORS)),
    'ignoreCase?': boolean,
    'elements?': oneOf('any', 'all'),
  }),
  (value) => checkOperands(value as Comparison),
);

function checkOperands({ operator, values = [], elements }: Comparison) {
  const definition = findOperator(operator);
  if (definition === undefined) return FINE;
  const { checkValue, minValues, maxValues } = definition;
  const problems = within('values', list(checkValue, minValues, maxValues)(values));
  if (maxValues > 0 || elements === undefined) return problems;
  return join(problems, problem(`does not go with ${operator}, which asks for the attribute as a whole`, 'elements'));
}

const moment: Check = (value) =>
  typeof value === 'string' && !Number.isNaN(parseMoment(value))
    ? FINE
    : problem(`must be a time such as 2026-01-31T12:00:00Z; is ${nameOf(value)}`);

const during = and(object({ 'from?': moment, 'until?': moment }), (value) => {
  const { from, until } = value as { from?: string; until?: string };
  if (from === undefined && until === undefined) return problem('must have from, until or both');
  if (from === undefined || until === undefined || parseMoment(from) < parseMoment(until)) return FINE;
  return problem('must be later than from', 'until');
});

/** The check of a condition at each depth; built once. */
const LEVELS: readonly Check[] = Array.from({ length: MAX_DEPTH }, (_, depth) => conditionAt(depth));

/** A condition tree. */
export const checkCondition: Check = (value) => LEVELS[0]?.(value) ?? FINE;

function conditionAt(depth: number): Check {
  const nested: Check = (value) =>
    LEVELS[depth + 1]?.(value) ?? problem(`is nested too deeply: at most ${MAX_DEPTH} levels`);
  return exactlyOne('condition', {
    all: object({ all: list(nested) }),
    any: object({ any: list(nested) }),
    not: object({ not: nested }),
    segment: object({ segment: text(1, 100) }),
    during: object({ during }),
    attribute: comparison,
  });
}
