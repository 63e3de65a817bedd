import type { Json, Operator } from '@bunting/core';
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** What the values of a comparison are. `same`: of the attribute's own type. */
export type ValueForm = 'same' | 'text' | 'number' | 'moment' | 'none';

interface OperatorFacts {
  readonly operator: Operator;
  /** What stands between the attribute and the values, and its opposite. */
  readonly words: MessageDescriptor;
  readonly negated: MessageDescriptor;
  /** Attribute types that it can be true for. */
  readonly types: readonly string[];
  readonly values: ValueForm;
  /** What a value looks like. */
  readonly example?: string;
  /** Whether upper and lower case can be held equal. */
  readonly folds?: boolean;
}

const text = ['string'];
const number = ['number'];
const any = ['string', 'number', 'boolean', 'object'];

export const operators: readonly OperatorFacts[] = [
  {
    ...{ operator: 'in', words: msg`is one of`, negated: msg`is none of`, values: 'same', folds: true },
    types: ['string', 'number', 'boolean'],
  },
  ...textual('startsWith', msg`starts with`, msg`does not start with`),
  ...textual('endsWith', msg`ends with`, msg`does not end with`),
  ...textual('contains', msg`contains`, msg`does not contain`),
  {
    ...{ operator: 'matches', words: msg`matches the pattern`, negated: msg`does not match the pattern` },
    ...{ types: text, values: 'text', example: '^guest-\\d+$', folds: true },
  },
  ...numeric('atLeast', msg`is at least`, msg`is not at least`),
  ...numeric('greaterThan', msg`is more than`, msg`is not more than`),
  ...numeric('atMost', msg`is at most`, msg`is not at most`),
  ...numeric('lessThan', msg`is less than`, msg`is not less than`),
  {
    ...{ operator: 'semver', words: msg`is a version in`, negated: msg`is not a version in` },
    ...{ types: text, values: 'text', example: '>=2.4.0 <3' },
  },
  ...temporal('before', msg`is before`, msg`is not before`),
  ...temporal('after', msg`is after`, msg`is not after`),
  {
    ...{ operator: 'inCidr', words: msg`is an address in`, negated: msg`is not an address in` },
    ...{ types: text, values: 'text', example: '10.0.0.0/8' },
  },
  { operator: 'present', words: msg`is there`, negated: msg`is not there`, types: any, values: 'none' },
  { operator: 'absent', words: msg`is missing`, negated: msg`is not missing`, types: any, values: 'none' },
];

function textual(operator: Operator, words: MessageDescriptor, negated: MessageDescriptor): OperatorFacts[] {
  return [{ operator, words, negated, types: text, values: 'text', folds: true }];
}

function numeric(operator: Operator, words: MessageDescriptor, negated: MessageDescriptor): OperatorFacts[] {
  return [{ operator, words, negated, types: number, values: 'number' }];
}

function temporal(operator: Operator, words: MessageDescriptor, negated: MessageDescriptor): OperatorFacts[] {
  const types = ['string', 'number'];
  return [{ operator, words, negated, types, values: 'moment', example: 'now-7d or 2030-01-31T12:00:00Z' }];
}

export function factsOf(operator: Operator): OperatorFacts | undefined {
  return operators.find((facts) => facts.operator === operator);
}

/**
 * The operators that make sense for an attribute, always with the one that is there.
 * @param type as the server tells it (`list of string`); undefined: nothing is known of it, and all are offered
 */
export function operatorsFor(type: string | undefined, present: Operator): readonly OperatorFacts[] {
  const element = elementType(type);
  if (element === undefined) return operators;
  return operators.filter(({ operator, types }) => types.includes(element) || operator === present);
}

/** What a comparison looks at: of a list its elements. Undefined: not known. */
export function elementType(type: string | undefined): string | undefined {
  if (type === undefined || type === 'list') return undefined;
  return type.replace(/^list of /, '');
}

export function isList(type: string | undefined): boolean {
  return type?.startsWith('list') ?? false;
}

/** In which form values are typed: as the attribute is, else as the values that are there, else as text. */
export function valueTypeOf(
  form: ValueForm,
  type: string | undefined,
  values: readonly Json[],
): 'text' | 'number' | 'boolean' {
  if (form === 'number') return 'number';
  if (form !== 'same') return 'text';
  const present = values[0] === undefined ? undefined : typeof values[0];
  const known = present ?? elementType(type);
  if (known === 'number' || known === 'boolean') return known;
  return 'text';
}
