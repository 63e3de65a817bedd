import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PrivateAttributes } from './private-attributes.ts';
import { type SampleOptions, sampleContext } from './sample-context.ts';

const hideKey = (key: string) => (key.startsWith('hidden:') ? key : `hidden:${key.length}`);

function sample(context: unknown, privateAttributes: readonly string[] = [], options: Partial<SampleOptions> = {}) {
  return sampleContext(context, { privateAttributes: new PrivateAttributes(privateAttributes), hideKey, ...options });
}

const name = fc.constantFrom('a', 'b', 'user', 'a.b', 'user.b', 'email', '__proto__', 'constructor');
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium' },
    // Each text is one of its kind, so that it can be found again.
    fc.uuid(),
    fc.integer(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(name, tie('tree'), { maxKeys: 4 }),
  ),
}));
const context = fc.dictionary(name, tree, { maxKeys: 5 });
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('.'));

/** The texts in a context, with the path that each is at: a second, plain reading of what a path is. */
function textsOf(value: unknown, at: readonly string[] = []): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path: at.join('.'), text: value }];
  if (Array.isArray(value)) return value.flatMap((element) => textsOf(element, at));
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => textsOf(Reflect.get(value, key), [...at, key]));
}

const isBelow = (what: string, listed: string) => what === listed || what.startsWith(`${listed}.`);

describe('a sample', () => {
  test('holds nothing that is private, and all the rest', () => {
    fc.assert(
      fc.property(context, fc.array(path, { maxLength: 4 }), (given, listed) => {
        const { context: copy, attributes = [], isCut } = sample(given, listed) ?? {};
        const json = JSON.stringify(copy ?? {});
        for (const { path: at, text } of textsOf(given)) {
          const isPrivate = listed.some((entry) => isBelow(at, entry));
          if (isPrivate) expect(json).not.toContain(text);
          else if (isCut === false) expect(json).toContain(text);
        }
        for (const seen of attributes) expect(listed.some((entry) => isBelow(seen.path, entry))).toBe(false);
      }),
    );
  });

  test('of a sample is the same', () => {
    fc.assert(
      fc.property(fc.record({ targetingKey: fc.string({ maxLength: 300 }) }), fc.object(), (key, rest) => {
        const once = sample({ ...rest, ...key }, ['targetingKey', 'a']);
        if (once === undefined) return;
        const twice = sample(JSON.parse(JSON.stringify(once.context)), ['targetingKey', 'a']);
        expect(JSON.stringify(twice?.context)).toBe(JSON.stringify(once.context));
        expect(twice?.attributes).toEqual(once.attributes);
      }),
    );
  });

  test('is small, whatever it is of', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 8, maxKeys: 30, values: [fc.string({ maxLength: 2_000 })] }), (given) => {
        expect(JSON.stringify(sample(given)?.context ?? {}).length).toBeLessThan(9_000);
      }),
    );
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`a${at}`, 'x'.repeat(1_000)]));
    const { context: copy = {}, isCut } = sample({ wide, targetingKey: 'me' }) ?? {};
    expect(JSON.stringify(copy).length).toBeLessThan(9_000);
    expect(copy.targetingKey).toBe('me');
    expect(isCut).toBe(true);
  });

  test('names attributes as conditions do, with their types', () => {
    const given = {
      targetingKey: 'u1',
      country: 'ch',
      age: 3,
      beta: false,
      org: { plan: 'pro', size: 4, empty: {} },
      tags: ['a', 'b'],
      mixed: [1, 'a'],
      none: [],
      orders: [{ id: 1 }],
      since: new Date(0),
      'no.path': 1,
      nothing: null,
    };
    expect(Object.fromEntries((sample(given)?.attributes ?? []).map(({ path: at, type }) => [at, type]))).toEqual({
      targetingKey: 'string',
      country: 'string',
      age: 'number',
      beta: 'boolean',
      'org.plan': 'string',
      'org.size': 'number',
      'org.empty': 'object',
      tags: 'list of string',
      mixed: 'list',
      none: 'list',
      orders: 'list of object',
      since: 'string',
    });
  });

  test('shows a hash where the targeting key is private, or too long', () => {
    expect(sample({ targetingKey: 'me@example.com', a: 1 }, ['targetingKey'])?.context).toEqual({
      targetingKey: 'hidden:14',
      a: 1,
    });
    expect(sample({ targetingKey: 'x'.repeat(1_000) })?.context).toEqual({ targetingKey: 'hidden:1000' });
  });

  test('has what is true of the whole process, unless the context says otherwise', () => {
    const ambient = { deploy: { version: '2', secret: 'x' } };
    expect(sample({ a: 1 }, ['deploy.secret'], { ambient })?.context).toEqual({ a: 1, deploy: { version: '2' } });
    expect(sample({ deploy: 'own' }, [], { ambient })?.context).toEqual({ deploy: 'own' });
  });

  test('runs none of the code of the host, and takes what no JSON can hold for missing', () => {
    let calls = 0;
    const touch = () => {
      calls += 1;
      throw new Error('host code');
    };
    const traps = { get: touch, ownKeys: touch, getPrototypeOf: touch, getOwnPropertyDescriptor: touch };
    const proxy = new Proxy({}, traps);
    const given = {
      get secret() {
        return touch();
      },
      toJSON: touch,
      big: 1n,
      symbol: Symbol('x'),
      nan: Number.NaN,
      bytes: new Uint8Array(10),
      list: [proxy],
      proxy,
      a: 'x',
    };
    const isOpaque = (value: object) => value === proxy;
    expect(sample(given, [], { isOpaque })?.context).toEqual({ a: 'x', list: [] });
    expect(sample(proxy, [], { isOpaque })).toBeUndefined();
    expect(calls).toBe(0);
  });

  test('ends where a context contains itself', () => {
    const given: Record<string, unknown> = { a: 1 };
    given.self = given;
    given.list = [given];
    expect(sample(given)).toMatchObject({ context: { a: 1, self: { a: 1 } }, isCut: true });
  });

  test.each([undefined, null, 1, 'text', [1], () => 1, {}])('of %s is none', (given) => {
    expect(sample(given)).toBeUndefined();
  });
});
