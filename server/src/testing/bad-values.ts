import type { Schema } from './operations.ts';

type Resolve = (schema: Schema) => Schema;
type Json = Record<string, unknown>;

/** One of each type of JSON. */
const ONE_OF_EACH: readonly [type: string, value: unknown][] = [
  ['null', null],
  ['boolean', true],
  ['number', 7],
  ['string', 'text'],
  ['array', []],
  ['object', {}],
];

/** Texts that patterns of ours are met by. */
const TEXTS = [
  'sample',
  '2026-01-02T03:04:05.000Z',
  'https://example.com/',
  'ada@example.com',
  '#336699',
  'on',
  '1',
  `bnt_adm_${'a'.repeat(43)}`,
];

/** A value that the schema describes, as small as it can be; undefined when none is found. */
function sampleOf(schema: Schema, resolve: Resolve, depth = 0): unknown {
  const { anyOf, enum: choices, type, properties = {}, required = [], ...more } = resolve(schema);
  if ('const' in more) return more.const;
  if (choices !== undefined) return choices[0];
  if (depth > 8) return undefined;
  if (anyOf !== undefined) {
    return anyOf.map((branch) => sampleOf(branch, resolve, depth + 1)).find((sample) => sample !== undefined);
  }
  switch (type) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return more.minimum ?? 0;
    case 'null':
      return null;
    case 'string':
      return TEXTS.map((text) => text.padEnd(more.minLength ?? 0, 'x')).find(
        (text) =>
          (more.pattern === undefined || new RegExp(more.pattern, 'u').test(text)) &&
          text.length <= (more.maxLength ?? Number.POSITIVE_INFINITY),
      );
    case 'array': {
      const item = more.items === undefined ? 'sample' : sampleOf(more.items, resolve, depth + 1);
      return item === undefined ? [] : Array.from({ length: more.minItems ?? 0 }, () => item);
    }
    default:
      return Object.fromEntries(
        required.map((name) => [name, sampleOf(properties[name] ?? {}, resolve, depth + 1)] as const),
      );
  }
}

/** Bodies that the schema does not describe, and what is wrong with them. */
export function* badBodies(schema: Schema, resolve: Resolve): Generator<[what: string, body: unknown]> {
  const { type, properties = {}, required = [], additionalProperties } = resolve(schema);
  for (const [name, value] of ONE_OF_EACH) {
    if (!takes(schema, name, resolve) && name !== 'object') yield [`${name} as the body`, value];
  }
  if (type !== 'object') return;
  const sample = sampleOf(schema, resolve) as Json;
  if (additionalProperties !== true) yield ['an unknown field', { ...sample, 'no such field': 1 }];
  for (const name of required) {
    const { [name]: _, ...rest } = sample;
    yield [`without ${name}`, rest];
  }
  for (const [field, inner] of Object.entries(properties)) {
    for (const [name, value] of ONE_OF_EACH) {
      if (!takes(inner, name, resolve)) yield [`${field} of type ${name}`, { ...sample, [field]: value }];
    }
  }
}

/** Values that a schema may well describe, and that code often forgets. */
const STRANGE: readonly unknown[] = [
  '',
  'a\u0000b',
  '\ud800',
  '__proto__',
  '../../etc/passwd',
  "'; DROP TABLE flags; --",
  'x'.repeat(100_000),
  -1,
  0.5,
  2 ** 53,
  1e308,
  [[]],
  Array.from({ length: 2_000 }, () => 'x'),
  { constructor: 1, toString: 'x', hasOwnProperty: null },
];

/** Bodies that are fine but for one strange value. */
export function* strangeBodies(schema: Schema, resolve: Resolve): Generator<[what: string, body: unknown]> {
  const { type, properties = {} } = resolve(schema);
  if (type !== 'object') return;
  const sample = sampleOf(schema, resolve) as Json;
  yield ['as small as it can be', sample];
  for (const field of Object.keys(properties)) {
    for (const value of STRANGE) {
      yield [`${field} as ${JSON.stringify(value).slice(0, 40)}`, { ...sample, [field]: value }];
    }
  }
}

/** Whether a schema takes some values of a type of JSON. */
function takes(schema: Schema, type: string, resolve: Resolve): boolean {
  const resolved = resolve(schema);
  const { anyOf, enum: choices } = resolved;
  if (anyOf !== undefined) return anyOf.some((branch) => takes(branch, type, resolve));
  if ('const' in resolved) return typeOf(resolved.const) === type;
  if (choices !== undefined) return choices.some((choice) => typeOf(choice) === type);
  if (resolved.type === undefined) return true;
  return resolved.type === type || (resolved.type === 'integer' && type === 'number');
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
