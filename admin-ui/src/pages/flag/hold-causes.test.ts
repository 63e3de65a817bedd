import { expect, test } from 'vitest';
import type { FlagEnvironment } from '../../api/types.ts';
import { holdCauses } from './hold-causes.ts';

const cause = (id: string, atMs: number) => ({ id, by: 'Alerts', reason: 'errors', atMs });
const held = (...causes: ReturnType<typeof cause>[]) => ({
  split: { ranges: [], held: { atMs: 1, schedule: [], causes } },
});
const state: FlagEnvironment = {
  enabled: true,
  offVariant: 'off',
  rules: [],
  defaultRule: { variant: 'on' },
  version: 1,
  updatedAt: '2026-01-01T00:00:00.000Z',
};

test('what holds several ramps of a flag is told once, the first first', () => {
  const rule = { id: 'r', when: { all: [] }, serve: held(cause('b', 2)) };
  const both = { ...state, rules: [rule], defaultRule: held(cause('b', 2), cause('a', 1)) };
  expect(holdCauses(both)?.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(holdCauses(state)).toBeUndefined();
});
