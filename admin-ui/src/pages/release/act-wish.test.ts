import { expect, test } from 'vitest';
import type { Release } from '../../api/types.ts';
import { inputFor, wishOf } from './act-wish.ts';

const at = '2026-01-01T00:00:00Z';
const release: Release = {
  ...{ id: 'r', title: 'Shop 2', environment: 'production', strategy: 'canary', phase: 'progressing', flags: [] },
  traffic: { target: 'shop', candidate: '2', baseline: '1' },
  stages: [{ flagsPer100k: 0, trafficPer100k: 20_000, soakSeconds: 100 }],
  ...{ set: { flagsPer100k: 0, trafficPer100k: 20_000 }, trafficPer100k: 20_000, migrationPhase: null },
  ...{ pointsOfNoReturn: [], bakeSeconds: 0, rollbackWindowSeconds: 60, attempt: 1, stage: 0, enteredAt: at },
  ...{ pauses: [], approvedBy: [], waiting: [], startsAt: null, endedAt: null, version: 1, createdAt: at },
  ...{ updatedAt: at, createdBy: { kind: 'user', id: 'u', name: 'Ada' } },
};

test('a share is asked for and sent only of what the release moves', () => {
  const input = inputFor(release);
  expect(input).toMatchObject({ traffic: 20, flags: undefined });
  expect(wishOf('set_weight', { ...input, traffic: 12.5 })).toEqual({ command: 'set_weight', trafficPer100k: 12_500 });
});

test('a way back wants a reason, and goes in steps only where that was chosen', () => {
  const input = { ...inputFor(release), steps: 4, everySeconds: 30 };
  expect(wishOf('rollback', { ...input, reason: '  ' })).toMatch(/^Say why/);
  expect(wishOf('rollback', { ...input, reason: 'slow' })).toEqual({ command: 'rollback', reason: 'slow' });
  expect(wishOf('rollback', { ...input, reason: 'slow', isGradual: true })).toMatchObject({
    gradual: { steps: 4, everySeconds: 30 },
  });
});

test('a start takes over from others only where that was chosen', () => {
  const input = inputFor(release);
  expect(wishOf('start', input)).toEqual({ command: 'start' });
  expect(wishOf('start', { ...input, supersede: true })).toEqual({ command: 'start', supersede: true });
});
