import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toCanonicalJson } from './canonical-json.ts';

test.each<[string, unknown, string]>([
  [
    'names in the order of their UTF-16 code units',
    { b: 1, a: 2, B: 3, é: 4, '😀': 5, '\uffff': 6 },
    '{"B":3,"a":2,"b":1,"é":4,"😀":5,"\uffff":6}',
  ],
  ['names that look like numbers as text', { 10: 'a', 9: 'b', '-1': 'c' }, '{"-1":"c","10":"a","9":"b"}'],
  ['numbers as ECMAScript writes them', [-0, 1e21, 1e-7, 0.1, 100, 5e-324], '[0,1e+21,1e-7,0.1,100,5e-324]'],
  ['nested values', { b: [{ d: null, c: [] }], a: {} }, '{"a":{},"b":[{"c":[],"d":null}]}'],
  ['no undefined members', { a: undefined, b: 1 }, '{"b":1}'],
  ['text escaped as little as can be', { a: '"\\\n\u0001/é\u2028' }, '{"a":"\\"\\\\\\n\\u0001/é\u2028"}'],
  ['half of a character escaped', { a: '\ud800' }, '{"a":"\\ud800"}'],
  ['a member called __proto__', JSON.parse('{"__proto__":1,"a":2}'), '{"__proto__":1,"a":2}'],
])('writes %s', (_, value, text) => {
  expect(toCanonicalJson(value)).toBe(text);
});

test('is JSON of the same value, and does not depend on the order of names', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain = JSON.parse(JSON.stringify(value));
      const text = toCanonicalJson(plain);
      expect(JSON.parse(text)).toEqual(plain);
      expect(toCanonicalJson(reverse(plain))).toBe(text);
    }),
  );
});

function reverse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverse);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reverse(member)]),
  );
}
