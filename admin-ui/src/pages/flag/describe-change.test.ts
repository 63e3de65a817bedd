import { expect, test } from 'vitest';
import { describeChange } from './describe-change.ts';

const flag = {
  type: 'boolean' as const,
  variants: [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ],
};
const state = {
  enabled: false,
  offVariant: 'off',
  rules: [],
  defaultRule: { variant: 'on' },
  version: 1,
  updatedAt: 'a',
};

test('a toggle is one difference; the bookkeeping around it is none', () => {
  expect(describeChange(state, { ...state, enabled: true, version: 2, updatedAt: 'b' }, flag)).toEqual([
    { place: 'state', before: 'off', after: 'on' },
  ]);
});

test('a changed percentage is told in percent', () => {
  const split = (to: number) => ({
    split: {
      ranges: [
        { variant: 'on', from: 0, to },
        { variant: 'off', from: to, to: 100_000 },
      ],
    },
  });
  expect(
    describeChange({ ...state, defaultRule: split(10_000) }, { ...state, defaultRule: split(25_000) }, flag),
  ).toEqual([{ place: 'default rule', before: '10% on', after: '25% on' }]);
});

test('what came or went has one side', () => {
  expect(describeChange(state, { ...state, safeVariant: 'off' }, flag)).toEqual([
    { place: 'safe variant', after: 'off' },
  ]);
  expect(describeChange({ ...state, safeVariant: 'off' }, state, flag)).toEqual([
    { place: 'safe variant', before: 'off' },
  ]);
});

test('events without two states have no differences', () => {
  expect(describeChange(null, state, flag)).toEqual([]);
  expect(describeChange('x', 3, flag)).toEqual([]);
});

test('rules are told as sentences', () => {
  const rule = { id: 'r', when: { attribute: 'country', operator: 'in', values: ['CH'] }, serve: { variant: 'on' } };
  expect(describeChange(state, { ...state, rules: [rule] }, flag)).toEqual([
    { place: 'rules', before: 'none', after: 'if country is one of "CH": on' },
  ]);
});
