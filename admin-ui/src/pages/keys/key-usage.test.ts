import { expect, test } from 'vitest';
import type { InstanceGroup } from '../../api/types.ts';
import { isRecentlyUsed, usageOf } from './key-usage.ts';

const group = (fields: Partial<InstanceGroup>): InstanceGroup => ({
  ...{ app: 'shop', version: '1.0', key: 'k', relay: null, server: null, sdk: { name: 'node', version: '1' } },
  ...{ confirmed: 0, pending: 0, behind: 0, unknown: 0, broken: 0 },
  ...fields,
});

test('who uses a key is counted while connected, with what they run, the most common first', () => {
  const groups = [
    group({ confirmed: 1 }),
    group({ version: '2.0', confirmed: 2, pending: 1 }),
    group({ version: '2.0', relay: 'edge', confirmed: 1 }),
    group({ version: '3.0', unknown: 4 }),
    group({ app: null, version: null, pending: 1 }),
    group({ key: 'another', confirmed: 9 }),
  ];
  expect(usageOf(groups, 'k')).toEqual({ instances: 6, runs: ['shop 2.0', 'no app said', 'shop 1.0'] });
  expect(usageOf(groups, 'unused')).toEqual({ instances: 0, runs: [] });
});

test('a use of the last two hours may go on, for uses are noted once an hour', () => {
  const nowMs = Date.parse('2026-11-21T12:00:00Z');
  expect(isRecentlyUsed('2026-11-21T10:30:00Z', nowMs)).toBe(true);
  expect(isRecentlyUsed('2026-11-21T09:00:00Z', nowMs)).toBe(false);
  expect(isRecentlyUsed(null, nowMs)).toBe(false);
});
