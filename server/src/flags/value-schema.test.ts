import type { Json } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkValues } from './value-schema.ts';

const one = (value: unknown) => [{ name: 'a', value: value as Json }];

test('values that match are fine, others are named with their place and what is wrong', () => {
  const schema = {
    type: 'object',
    required: ['size'],
    properties: { size: { type: 'array', items: { type: 'integer', maximum: 5 } }, color: { enum: ['red', 'blue'] } },
    additionalProperties: false,
  };
  expect(checkValues(schema, one({ size: [1, 2], color: 'red' }))).toEqual([]);
  const wrong: Json[] = [{ size: [1, 6] }, {}, { size: [], mood: 1 }, { size: [], color: 'green' }];
  expect(
    checkValues(
      schema,
      wrong.map((value, at) => ({ name: `v${at}`, value })),
    ),
  ).toEqual([
    { path: 'variants[0].value.size[1]', message: "does not match the flag's schema: must be <= 5" },
    { path: 'variants[1].value', message: expect.stringContaining("must have required property 'size'") },
    { path: 'variants[2].value', message: expect.stringContaining('additional properties: "mood"') },
    { path: 'variants[3].value.color', message: expect.stringContaining('["red","blue"]') },
  ]);
});

test('references within the schema, and both drafts, are understood', () => {
  const local = { $defs: { s: { type: 'string' } }, $ref: '#/$defs/s' };
  expect(checkValues(local, one('x'))).toEqual([]);
  expect(checkValues(local, one(1))).toHaveLength(1);
  const tuple = { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'string' }] };
  expect(checkValues(tuple, one([1]))[0]?.path).toBe('variants[0].value[0]');
  const prefix = { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'string' }] };
  expect(checkValues(prefix, one([1]))[0]?.path).toBe('variants[0].value[0]');
  expect(checkValues(false, one(1))).toHaveLength(1);
  expect(checkValues(true, one(1))).toEqual([]);
});

test.each<[string, unknown, RegExp]>([
  ['no schema', { type: 'text' }, /not a JSON Schema that can be used/],
  ['a pattern that is none', { pattern: '(' }, /not a JSON Schema/],
  ['another document', { $ref: 'https://example.com/s.json' }, /"https:\/\/example.com\/s.json".*not loaded.*\$defs/],
  ['another file', { properties: { a: { $ref: 'file:///etc/passwd#/x' } } }, /not loaded/],
  ['a place that is not there', { $ref: '#/$defs/none' }, /"#\/\$defs\/none", which is not in it/],
  ['another draft', { $schema: 'http://json-schema.org/draft-04/schema#' }, /must be https/],
  ['a draft that is no text', { $schema: 7 }, /must be https/],
  ['asynchronous keywords', { $async: true }, /remove it/],
  ['too much', { description: 'x'.repeat(70_000) }, /longer than/],
])('%s is refused', (_, schema, message) => {
  const [problem] = checkValues(schema as Json, one('a'));
  expect(problem?.path).toMatch(/^schema/);
  expect(problem?.message).toMatch(message);
});

test.each<[string, unknown, unknown]>([
  ['a pattern that backtracks', { pattern: '^(a+)+$' }, `${'a'.repeat(60)}!`],
  ['references that branch', branching(40), 'a'],
  ['a reference to itself', { $ref: '#' }, 'a'],
])('%s ends in time, with the fix', (_, schema, value) => {
  const startMs = performance.now();
  const [problem] = checkValues(schema as Json, one(value));
  expect(problem).toMatchObject({ path: 'schema', message: expect.any(String) });
  expect(performance.now() - startMs).toBeLessThan(5_000);
});

function branching(depth: number) {
  const each = (at: number) => ({ anyOf: [{ $ref: `#/$defs/d${at + 1}` }, { $ref: `#/$defs/d${at + 1}` }] });
  const $defs = Object.fromEntries(Array.from({ length: depth }, (_, at) => [`d${at}`, each(at)]));
  return { $ref: '#/$defs/d0', $defs: { ...$defs, [`d${depth}`]: false } };
}

test('never throws, whatever the schema says', () => {
  const keyword = fc.constantFrom(
    'type',
    '$ref',
    '$id',
    '$defs',
    'anyOf',
    'not',
    'items',
    'pattern',
    'enum',
    '$dynamicRef',
  );
  const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('#', '#/x', 'string', {}, []));
  const schema = fc.oneof(fc.boolean(), fc.dictionary(keyword, value, { maxKeys: 4 }));
  fc.assert(
    fc.property(schema, fc.jsonValue(), (any, tried) => {
      for (const { path, message } of checkValues(any as Json, one(tried))) {
        expect(path).toMatch(/^(schema|variants)/);
        expect(message).not.toBe('');
      }
    }),
    { numRuns: 60 },
  );
});
