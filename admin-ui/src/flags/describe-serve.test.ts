import { expect, test } from 'vitest';
import { describeEnvironment, describeServe, onOffVariants } from './describe-serve.ts';

const onOff = {
  type: 'boolean' as const,
  variants: [
    { name: 'off', value: false },
    { name: 'on', value: true },
  ],
};
const colours = {
  type: 'string' as const,
  variants: ['red', 'green', 'blue'].map((name) => ({ name, value: name })),
};

test('a boolean split is the percentage of its true variant, whatever the variants are called', () => {
  const renamed = {
    type: 'boolean' as const,
    variants: [
      { name: 'no', value: false },
      { name: 'yes', value: true },
    ],
  };
  const serve = {
    split: {
      ranges: [
        { variant: 'yes', from: 0, to: 5_000 },
        { variant: 'no', from: 5_000, to: 100_000 },
      ],
    },
  };
  expect(onOffVariants(renamed)).toEqual({ on: 'yes', off: 'no' });
  expect(describeServe(serve, renamed, 'no')).toBe('5% yes');
});

test('a boolean split that gives the true variant to nobody says so', () => {
  expect(describeServe({ split: { ranges: [{ variant: 'off', from: 0, to: 100_000 }] } }, onOff, 'off')).toBe('0% on');
});

test('a split over several variants names those that get something', () => {
  const serve = {
    split: {
      ranges: [
        { variant: 'blue', from: 0, to: 30_000 },
        { variant: 'red', from: 30_000, to: 100_000 },
      ],
    },
  };
  expect(describeServe(serve, colours, 'red')).toBe('70% red, 30% blue');
});

test('an environment in which the flag is killed serves its safe variant, or else its off variant', () => {
  const killed = {
    epoch: 1,
    at: '',
    by: { kind: 'user' as const, id: '', name: 'Ada' },
    reason: 'errors',
    stored: true,
  };
  const rest = { rules: [], defaultRule: { variant: 'blue' }, version: 1, updatedAt: '' };
  const state = { enabled: true, offVariant: 'red', killed, ...rest };
  const flag = { ...colours } as Parameters<typeof describeEnvironment>[0];
  expect(describeEnvironment(flag, state)).toBe('red (killed)');
  expect(describeEnvironment(flag, { ...state, safeVariant: 'green' })).toBe('green (killed)');
});

test('an environment that is off serves its off variant, whatever its rules say', () => {
  const state = {
    enabled: false,
    offVariant: 'off',
    rules: [],
    defaultRule: { variant: 'on' },
    version: 1,
    updatedAt: '',
  };
  const flag = { ...onOff } as Parameters<typeof describeEnvironment>[0];
  expect(describeEnvironment(flag, state)).toBe('off');
  expect(describeEnvironment(flag, { ...state, enabled: true })).toBe('on');
});
