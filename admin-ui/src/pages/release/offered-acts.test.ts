import { describe, expect, test } from 'vitest';
import type { Release } from '../../api/types.ts';
import { offeredActs } from './offered-acts.ts';

const startMs = Date.parse('2026-01-01T00:00:00Z');
const at = (seconds: number) => new Date(startMs + seconds * 1_000).toISOString();
const pause = (seconds: number) => ({ cause: 'person' as const, by: 'Ada', reason: 'lunch', since: at(seconds) });

const release: Release = {
  ...{ id: 'r', title: 'New checkout', environment: 'production', strategy: 'flag_only', phase: 'progressing' },
  flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off', weightPer100k: 5_000 }],
  stages: [
    { flagsPer100k: 5_000, soakSeconds: 100, approvals: 2 },
    { flagsPer100k: 100_000, soakSeconds: 0 },
  ],
  ...{ set: { flagsPer100k: 5_000 }, trafficPer100k: null, migrationPhase: null, pointsOfNoReturn: [] },
  ...{ bakeSeconds: 1_000, rollbackWindowSeconds: 60, attempt: 1, stage: 0, enteredAt: at(0), pauses: [] },
  ...{ approvedBy: [], waiting: [], startsAt: null, endedAt: null, version: 1, createdAt: at(0), updatedAt: at(0) },
  createdBy: { kind: 'user', id: 'u', name: 'Ada' },
};

describe('what is offered', () => {
  test('a stage that wants approvals offers to approve until there are enough', () => {
    expect(offeredActs({ ...release, approvedBy: ['Bo'] }, startMs)).toContain('approve');
    expect(offeredActs({ ...release, approvedBy: ['Bo', 'Cy'] }, startMs)).not.toContain('approve');
  });

  test('a release that is paused offers to go on instead of a pause, and always the way back', () => {
    const acts = offeredActs({ ...release, pauses: [pause(1)] }, startMs);
    expect(acts).toContain('resume');
    expect(acts).not.toContain('pause');
    expect(acts).toContain('abort');
  });

  test('a share is offered to be set only where the release moves one', () => {
    expect(offeredActs(release, startMs)).toContain('set_weight');
    expect(offeredActs({ ...release, flags: [], migration: { plan: 'orders' } }, startMs)).not.toContain('set_weight');
  });

  test('a rollback is offered only within its window', () => {
    const done: Release = { ...release, phase: 'succeeded', endedAt: at(0) };
    expect(offeredActs(done, startMs + 59_000)).toEqual(['rollback']);
    expect(offeredActs(done, startMs + 60_000)).toEqual([]);
  });

  test('what is out can be accepted where a way back waits for what cannot be seen, and not while it goes on', () => {
    const back: Release = { ...release, phase: 'aborting', waiting: ['The target is away: start it.'] };
    const traffic = { target: 'shop', candidate: 'v2', baseline: 'v1' };
    expect(offeredActs({ ...back, traffic, trafficPer100k: null }, startMs)).toEqual(['accept']);
    expect(offeredActs({ ...back, traffic, trafficPer100k: 5_000 }, startMs)).toEqual([]);
    expect(offeredActs(back, startMs)).toEqual([]);
  });

  test('what has ended for good offers nothing', () => {
    expect(offeredActs({ ...release, phase: 'cancelled' }, startMs)).toEqual([]);
    expect(offeredActs({ ...release, phase: 'rolled_back' }, startMs)).toEqual([]);
  });
});
