import { expect, test } from 'vitest';
import { describeExposure } from './describe-exposure.ts';

test('of flags alone it is their share; else each part is named that is out', () => {
  expect(describeExposure({ flagsPer100k: 5_000 })).toBe('5%');
  expect(describeExposure({ flagsPer100k: 0, trafficPer100k: 20_000 })).toBe('traffic 20%');
  const all = {
    flagsPer100k: 5_000,
    trafficPer100k: 20_000,
    shadowPer100k: 1_000,
    migrationPhase: 'dual_write',
  } as const;
  expect(describeExposure(all)).toBe('dual write, traffic 20%, copies 1%, flags 5%');
});
