import { expect, test } from 'vitest';
import type { Gate, GateRun } from '../api/types.ts';
import { gatesOf } from './gate-list.ts';

const calendar = (name: string): Gate => ({ kind: 'calendar', name });
const when = '2026-01-01T00:00:00Z';
const run = (attempt: number, stage: number | null, name: string): GateRun => ({
  ...{ id: `${attempt} ${stage} ${name}`, attempt, stage, gate: calendar(name), enteredAt: when, verdict: 'running' },
  ...{ reason: '', since: when, asks: 'hold', measured: 0, silent: 0, errors: 0, recoveries: 0, updatedAt: when },
});

test('gates of one name are told apart by their stage and attempt, and those not yet judged have no run', () => {
  const release = {
    watch: [calendar('hours')],
    stages: [
      { flagsPer100k: 1, soakSeconds: 0, gates: [calendar('hours')] },
      { flagsPer100k: 100_000, soakSeconds: 0, gates: [calendar('hours')] },
    ],
  };
  const runs = [run(2, null, 'hours'), run(2, 0, 'hours'), run(1, 1, 'hours')];
  const placed = (attempt: number) => gatesOf(release, runs, attempt).map(({ stage, run }) => [stage, run?.id]);
  expect(placed(2)).toEqual([
    [null, '2 null hours'],
    [0, '2 0 hours'],
    [1, undefined],
  ]);
  expect(placed(1)).toEqual([
    [null, undefined],
    [0, undefined],
    [1, '1 1 hours'],
  ]);
});
