import { type Condition, compile, type Targeting } from '@bunting/core';
import { expect, test } from 'vitest';
import type { Flag } from '../api/types.ts';
import { madeContexts, paletteOf } from './made-contexts.ts';
import { madeImpact } from './made-impact.ts';

const flag = {
  key: 'a',
  type: 'boolean',
  variants: [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ],
  bucketKey: 'a',
} as unknown as Flag;
const off: Targeting = { enabled: true, offVariant: 'off', defaultRule: { variant: 'off' } };
const withRule = (when: Condition, variant = 'on'): Targeting => ({
  ...off,
  rules: [{ id: 'r', when, serve: { variant } }],
});

test('growing a split moves just about the part that it grows by', () => {
  const share = (to: number): Targeting => ({
    ...off,
    defaultRule: {
      split: {
        ranges: [
          { variant: 'on', from: 0, to },
          { variant: 'off', from: to, to: 100_000 },
        ],
      },
    },
  });
  const { seen, moved, moves } = madeImpact(flag, share(10_000), share(30_000), 0);
  expect(seen).toBe(10_000);
  expect(moved).toBeGreaterThan(1_800);
  expect(moved).toBeLessThan(2_200);
  expect(moves).toMatchObject([{ before: { variant: 'off' }, after: { variant: 'on' }, contexts: moved }]);
});

const conditions: [string, Condition][] = [
  ['a value', { attribute: 'country', operator: 'in', values: ['DE'] }],
  ['a part of a text', { attribute: 'email', operator: 'endsWith', values: ['@example.com'] }],
  ['a number', { attribute: 'org.size', operator: 'atLeast', values: [50] }],
  ['a version', { attribute: 'app', operator: 'semver', values: ['>=2.4.0 <3'] }],
  ['a yes', { attribute: 'beta', operator: 'in', values: [true] }],
  ['an address', { attribute: 'ip', operator: 'inCidr', values: ['10.1.0.0/16'] }],
  ['a list', { attribute: 'roles', operator: 'in', values: ['admin'], elements: 'any' }],
  ['a segment', { segment: 'beta.testers' }],
  ['a negation', { not: { segment: 'beta' } }],
  ['an absence', { attribute: 'email', operator: 'absent', values: [] }],
];

test.each(conditions)('there are contexts on both sides of %s', (_, when) => {
  const { moved } = madeImpact(flag, off, withRule(when), 0);
  expect(moved).toBeGreaterThan(0);
  expect(moved).toBeLessThan(10_000);
});

test('subjects that are named one by one leave enough others to see what a split does', () => {
  const targets = [{ variant: 'on', values: ['u1', 'u2'] }];
  const { moved } = madeImpact(flag, { ...off, targets }, { ...off, targets, defaultRule: { variant: 'on' } }, 0);
  expect(moved).toBeGreaterThan(8_500);
});

test('a draft that changes nothing moves nobody', () => {
  const rule = withRule({ segment: 'beta' });
  expect(madeImpact(flag, rule, rule, 0).moved).toBe(0);
});

test('attributes take their values apart from each other', () => {
  const when: Condition = {
    all: [
      { attribute: 'a', operator: 'in', values: ['x'] },
      { attribute: 'b', operator: 'in', values: ['y'] },
    ],
  };
  const document = { ...flag, ...withRule(when) } as never;
  const contexts = madeContexts(paletteOf([document]), [], 9_000);
  const ruleset = compile({ revision: { incarnation: 'i', number: 1, hash: '' }, flags: [document] });
  const matched = contexts.filter((context) => ruleset.evaluate('a', context).variant === 'on').length;
  // Each is one of three: the value, another one, none.
  expect(matched).toBeGreaterThan(900);
  expect(matched).toBeLessThan(1_100);
});
