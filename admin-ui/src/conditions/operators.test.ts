import { expect, test } from 'vitest';
import { operators, operatorsFor, valueTypeOf } from './operators.ts';

const names = (type: string | undefined) => operatorsFor(type, 'in').map(({ operator }) => operator);

test('an attribute is offered the operators that can be true for its type', () => {
  expect(names('number')).toEqual([
    'in',
    'atLeast',
    'greaterThan',
    'atMost',
    'lessThan',
    'before',
    'after',
    'present',
    'absent',
  ]);
  expect(names('boolean')).toEqual(['in', 'present', 'absent']);
  expect(names('list of string')).toEqual(names('string'));
});

test('of an attribute that nobody knows nothing is held back', () => {
  expect(names(undefined)).toHaveLength(operators.length);
});

test('an operator that is there stays, also where it makes no sense', () => {
  expect(operatorsFor('boolean', 'semver').map(({ operator }) => operator)).toContain('semver');
});

test('values keep the type that they have, whatever the attribute was seen as', () => {
  expect(valueTypeOf('same', 'number', ['42'])).toBe('text');
  expect(valueTypeOf('same', 'number', [])).toBe('number');
  expect(valueTypeOf('same', undefined, [])).toBe('text');
});
