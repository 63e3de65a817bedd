import type { Operator } from '../model.ts';
import { IN_CIDR } from './cidr.ts';
import { AFTER, BEFORE } from './date.ts';
import type { OperatorDefinition } from './matcher.ts';
import { IN } from './membership.ts';
import { AT_LEAST, AT_MOST, GREATER_THAN, LESS_THAN } from './number.ts';
import { ABSENT, PRESENT } from './presence.ts';
import { MATCHES } from './regex.ts';
import { SEMVER } from './semver.ts';
import { CONTAINS, ENDS_WITH, STARTS_WITH } from './text.ts';

/** Every operator there is. Validation, compiling and tracing all look here. */
export const OPERATORS: Readonly<Record<Operator, OperatorDefinition>> = {
  in: IN,
  startsWith: STARTS_WITH,
  endsWith: ENDS_WITH,
  contains: CONTAINS,
  matches: MATCHES,
  lessThan: LESS_THAN,
  atMost: AT_MOST,
  greaterThan: GREATER_THAN,
  atLeast: AT_LEAST,
  semver: SEMVER,
  before: BEFORE,
  after: AFTER,
  inCidr: IN_CIDR,
  present: PRESENT,
  absent: ABSENT,
};

/** The operator of that name, if there is one. */
export function findOperator(name: unknown): OperatorDefinition | undefined {
  return typeof name === 'string' && Object.hasOwn(OPERATORS, name) ? OPERATORS[name as Operator] : undefined;
}
