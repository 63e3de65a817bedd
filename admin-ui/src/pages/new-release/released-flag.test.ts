import { expect, test } from 'vitest';
import type { Flag } from '../../api/types.ts';
import { obstacleOf, releaseFlag } from './released-flag.ts';

const state = { enabled: true, offVariant: 'off', rules: [], defaultRule: { variant: 'off' }, version: 1 };
const flag = {
  ...{ key: 'checkout', name: 'Checkout', type: 'boolean', archivedAt: null },
  variants: [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ],
  environments: {
    production: state,
    development: { ...state, enabled: false },
    staging: { ...state, defaultRule: { variant: 'on' } },
  },
} as unknown as Flag;

test('a flag is released from what is served to the other variant', () => {
  expect(releaseFlag(flag, 'production')).toEqual({ flag: 'checkout', baseline: 'off', candidate: 'on' });
  expect(releaseFlag(flag, 'staging')).toMatchObject({ baseline: 'on', candidate: 'off' });
});

test('what stands against a start is said with what helps', () => {
  expect(obstacleOf(flag, releaseFlag(flag, 'production'), 'production')).toBeUndefined();
  expect(obstacleOf(flag, releaseFlag(flag, 'development'), 'development')).toMatch(/turn it on/);
  expect(obstacleOf(flag, { ...releaseFlag(flag, 'staging'), baseline: 'off' }, 'staging')).toMatch(
    /does not serve off/,
  );
});
