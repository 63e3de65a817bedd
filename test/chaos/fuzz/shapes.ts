import fc, { type Arbitrary } from 'fast-check';
import type { Schema } from './document.ts';

/** What could stand in a field of this name, so that a request gets further than to be malformed. */
export type Hints = (field: string) => Arbitrary<unknown> | undefined;

/** Documents that refer to themselves end at so many references. */
const MAX_DEPTH = 6;
/** Of a list or map whose schema sets no lower bound. */
const MAX_ITEMS = 4;

/** Makes values that JSON schemas describe. What a pattern or a bound cannot be met by is made anyway: it is refused. */
export class Shapes {
  readonly #resolve: (ref: string) => Schema;
  readonly #hints: Hints;
  readonly #known = new Map<string, Arbitrary<unknown>>();

  constructor(resolve: (ref: string) => Schema, hints: Hints) {
    this.#resolve = resolve;
    this.#hints = hints;
  }

  /** @param field the name of the field that the value is for */
  of(schema: Schema, field = '', depth = 0): Arbitrary<unknown> {
    if (schema.$ref !== undefined) {
      if (depth >= MAX_DEPTH) return fc.constantFrom<unknown>({}, null, 'x');
      const name = `${schema.$ref} ${field} ${depth}`;
      const known = this.#known.get(name) ?? this.of(this.#resolve(schema.$ref), field, depth + 1);
      this.#known.set(name, known);
      return known;
    }
    const own = this.#own(schema, field, depth);
    const hint = schema.type === 'string' || schema.type === 'integer' ? this.#hints(field) : undefined;
    return hint === undefined ? own : fc.oneof({ weight: 4, arbitrary: hint }, { weight: 1, arbitrary: own });
  }

  #own(schema: Schema, field: string, depth: number): Arbitrary<unknown> {
    if ('const' in schema) return fc.constant(schema.const);
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((branch) => this.of(branch, field, depth)));
    switch (schema.type) {
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'integer':
      case 'number':
        return numbers(schema);
      case 'string':
        return texts(schema);
      case 'array':
        return this.#lists(schema, field, depth);
      case 'object':
        return this.#objects(schema, depth);
      default:
        return fc.jsonValue({ maxDepth: 2 });
    }
  }

  #lists({ items = {}, minItems = 0, maxItems = MAX_ITEMS, uniqueItems }: Schema, field: string, depth: number) {
    const item = this.of(items, field, depth);
    const bounds = { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, MAX_ITEMS)) };
    if (uniqueItems !== true) return fc.array(item, bounds);
    // Where a schema has fewer values than it wants items, there is no list: then a shorter one is sent.
    return fc.uniqueArray(item, { ...bounds, minLength: Math.min(minItems, 1), selector: (it) => JSON.stringify(it) });
  }

  #objects({ properties = {}, required = [], additionalProperties, minProperties = 0 }: Schema, depth: number) {
    const fields = Object.entries(properties).map(([name, schema]) => [name, this.of(schema, name, depth)] as const);
    const named = fc.record(Object.fromEntries(fields), {
      requiredKeys:
        minProperties > 0 && required.length === 0 ? fields.slice(0, 1).map(([name]) => name) : [...required],
    });
    if (typeof additionalProperties !== 'object') return named;
    const key = this.#hints('flag') ?? fc.string();
    const bounds = { minKeys: Math.min(minProperties, MAX_ITEMS), maxKeys: MAX_ITEMS };
    const further = fc.dictionary(key.map(String), this.of(additionalProperties, '', depth), bounds);
    return fc.tuple(further, named).map(([more, fixed]) => ({ ...more, ...fixed }));
  }
}

function numbers({ type, minimum, exclusiveMinimum, maximum }: Schema): Arbitrary<unknown> {
  const min = minimum ?? exclusiveMinimum ?? -(2 ** 31);
  const max = Math.max(min, maximum ?? 2 ** 31);
  const [low, high] = [Math.ceil(min), Math.floor(max)];
  const whole = low <= high ? fc.integer({ min: Math.max(low, -(2 ** 53)), max: Math.min(high, 2 ** 53) }) : undefined;
  if (type === 'integer' && whole !== undefined) return whole;
  return fc.double({ min, max, noNaN: true });
}

const words = fc.constantFrom(
  'a',
  'sample',
  'on',
  'country',
  'Ünï cödé',
  '2026-11-21T10:00:00.000Z',
  '1.2.3',
  '10.0.0.0/8',
);
/** One for all: fast-check takes long to make them. */
const anyText = fc.oneof(words, fc.string({ maxLength: 40, unit: 'binary' }));
const byPattern = new Map<string, Arbitrary<string>>();

function texts({ pattern, minLength = 0, maxLength = 200 }: Schema): Arbitrary<string> {
  const fits = (text: string) => text.slice(0, maxLength).padEnd(minLength, 'x');
  if (pattern === undefined) return anyText.map(fits);
  const matching = byPattern.get(pattern) ?? fc.stringMatching(new RegExp(pattern, 'u'), { size: '-1' });
  byPattern.set(pattern, matching);
  return matching.map(fits);
}
