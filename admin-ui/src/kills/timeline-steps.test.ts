import { expect, test } from 'vitest';
import type { KillTimeline } from '../api/types.ts';
import { timelineSteps, timeToKill } from './timeline-steps.ts';

const at = (ms: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + ms).toISOString();
const byHand: KillTimeline = {
  ...{ flag: 'checkout', epoch: 1, by: { kind: 'user', id: 'u', name: 'Ada' }, reason: 'errors', cause: null },
  ...{ firstBadAt: null, detectedAt: null, receivedAt: null, engagedAt: at(0), journalledAt: at(2), pushedAt: at(3) },
  ...{ committedAt: at(40), receivedToLastMs: null, firstBadToLastMs: null, complete: true },
  receipts: {
    ...{ instances: 2, confirmed: 2, pending: 0, unknown: 0, firstMs: 1.5, p50Ms: 1.5, p90Ms: 9, p99Ms: 9, lastMs: 9 },
    ...{ stragglers: [], incomplete: [] },
  },
};

test('the steps of a kill are told in the order of time, receipts counted from the push', () => {
  expect(timelineSteps(byHand).map(({ label, offsetMs }) => `${offsetMs} ${label}`)).toEqual([
    '0 Killed',
    '2 On the disk of that server',
    '3 Handed to the connections',
    '4.5 First receipt',
    '4.5 Half of all receipts',
    '12 99% of all receipts',
    '12 Last receipt',
    '40 In the database',
  ]);
});

test('what came before the kill stands before it', () => {
  const [first] = timelineSteps({ ...byHand, firstBadAt: at(-9_000), receivedAt: at(-5) });
  expect(first).toEqual({ label: 'It began to be bad', offsetMs: -9_000 });
});

test('the time to kill counts from as far back as is known', () => {
  expect(timeToKill(byHand)).toEqual({ ms: 12, since: 'since it was killed' });
  expect(timeToKill({ ...byHand, receivedToLastMs: 17 })?.ms).toBe(17);
  expect(timeToKill({ ...byHand, receivedToLastMs: 17, firstBadToLastMs: 9_012 })?.ms).toBe(9_012);
  expect(timeToKill({ ...byHand, receipts: null })).toBeUndefined();
});
