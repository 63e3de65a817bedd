import { expect, test } from 'vitest';
import { checkValue } from './check-value.ts';

const schema = {
  type: 'object',
  properties: { limit: { type: 'integer', minimum: 1 }, name: { type: 'string', pattern: '^(a+)+$' } },
  required: ['limit'],
  additionalProperties: false,
};

test('a value is held to the type of its flag, and to its schema', () => {
  expect(checkValue('{"limit": 3}', { type: 'object', schema })).toBeUndefined();
  expect(checkValue('{"limit": 0}', { type: 'object', schema })).toContain('/limit');
  expect(checkValue('{}', { type: 'object', schema })).toContain('limit');
  expect(checkValue('{"limit": 3, "other": 1}', { type: 'object', schema })).toBeDefined();
  expect(checkValue('"3"', { type: 'number' })).toBe('It must be a number.');
  expect(checkValue('null', { type: 'object' })).toBe('It must be an object or a list.');
  expect(checkValue('{', { type: 'object' })).toContain('JSON');
});

test('a pattern or a reference that never ends does not stop the page', () => {
  const name = `${'a'.repeat(40)}!`;
  expect(checkValue(JSON.stringify({ limit: 1, name }), { type: 'object', schema })).toBeUndefined();
  expect(checkValue('{"a": 1}', { type: 'object', schema: { $ref: '#' } })).toBeUndefined();
});
