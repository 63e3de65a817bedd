import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { differencesOf } from './differences-of.ts';

const rule = (id: string, variant: string) => ({ id, when: { all: [] }, serve: { variant } });

test('a rule that was put in between changes no other', () => {
  const before = { rules: [rule('a', 'on'), rule('b', 'off')] };
  const after = { rules: [rule('a', 'on'), rule('new', 'on'), rule('b', 'off')] };
  expect(differencesOf(before, after)).toEqual([{ place: ['rules', 'new'], after: rule('new', 'on') }]);
});

test('a list that begins or ends is told element by element, one of nothing but texts as a whole', () => {
  expect(differencesOf({}, { rules: [rule('a', 'on')], tags: ['x'] })).toEqual([
    { place: ['rules', 'a'], after: rule('a', 'on') },
    { place: ['tags'], after: ['x'] },
  ]);
  expect(differencesOf({ rules: [rule('a', 'on')] }, {})).toEqual([{ place: ['rules', 'a'], before: rule('a', 'on') }]);
});

test('what changed within a rule is told at its place, and a new order as such', () => {
  const before = { rules: [rule('a', 'on'), rule('b', 'off')] };
  const after = { rules: [rule('b', 'on'), rule('a', 'on')] };
  expect(differencesOf(before, after)).toEqual([
    { place: ['rules', 'b', 'serve'], before: { variant: 'off' }, after: { variant: 'on' } },
    { place: ['rules', 'order'], before: ['a', 'b'], after: ['b', 'a'] },
  ]);
});

test('what was created is told field by field, what was there already is not', () => {
  expect(differencesOf(null, { key: 'vip', includedCount: 0, version: 1, createdAt: 'now' })).toEqual([
    { place: ['key'], after: 'vip' },
    { place: ['includedCount'], after: 0 },
  ]);
  expect(differencesOf({ key: 'vip' }, null)).toEqual([{ place: ['key'], before: 'vip' }]);
  expect(differencesOf({ owner: null, version: 1 }, { version: 2 })).toEqual([]);
});

test('lists without names, and documents of other shapes, are told as a whole', () => {
  expect(differencesOf({ tags: ['a'] }, { tags: ['a', 'b'] })).toEqual([
    { place: ['tags'], before: ['a'], after: ['a', 'b'] },
  ]);
  expect(differencesOf(1, 'x')).toEqual([{ place: [], before: 1, after: 'x' }]);
});

test('any two documents differ somewhere exactly when they are not the same, and nothing differs from itself', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('a', 'b', 'rules'), fc.jsonValue()),
      fc.jsonValue(),
      (document, other) => {
        expect(differencesOf(document, structuredClone(document))).toEqual([]);
        const changed = { ...document, extra: other };
        expect(differencesOf(document, changed).length > 0).toBe(other !== null);
      },
    ),
  );
});
