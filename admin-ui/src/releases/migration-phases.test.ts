import { expect, test } from 'vitest';
import { phasesOfPlan } from './migration-phases.ts';

test('each phase says whether it is reached, which stage sets it, and whether there is a way back from it', () => {
  const release = {
    stages: [
      { flagsPer100k: 0, soakSeconds: 0, migrationPhase: 'dual_write' as const },
      { flagsPer100k: 100_000, soakSeconds: 0, migrationPhase: 'dual_write' as const },
      { flagsPer100k: 100_000, soakSeconds: 0, migrationPhase: 'stop_old_write' as const },
    ],
    pointsOfNoReturn: [{ stage: 2, reason: 'Old is not written any more.' }],
  };
  const phases = phasesOfPlan(release, { phase: 'expand', wanted: 'dual_write' });
  const of = (name: string) => phases.find(({ phase }) => phase === name);
  expect(of('baseline')).toMatchObject({ state: 'done', stage: undefined });
  expect(of('expand')).toMatchObject({ state: 'now', isWanted: false });
  expect(of('dual_write')).toMatchObject({ state: 'ahead', isWanted: true, stage: 0, pointOfNoReturn: undefined });
  expect(of('stop_old_write')).toMatchObject({ stage: 2, pointOfNoReturn: 'Old is not written any more.' });
});
