import { expect, test } from 'vitest';
import { exposureHistory } from './exposure-history.ts';

const at = (second: number) => new Date(second * 1_000).toISOString();
const decided = (second: number, flagsPer100k: number, trafficPer100k = 0) => ({
  ...{ id: String(second), at: at(second), decision: 'Set.', set: { flagsPer100k, trafficPer100k } },
});

test('a share holds until it is set anew, and ends where nothing was decided any more', () => {
  const { times, curves, changes } = exposureHistory(
    [decided(0, 0), decided(10, 5_000), decided(15, 5_000), decided(20, 0)],
    30_000,
  );
  expect(times).toEqual([0, 10_000, 10_000, 20_000, 20_000, 30_000]);
  expect(curves).toEqual([{ field: 'flagsPer100k', percents: [0, 0, 5, 5, 0, 0] }]);
  expect(changes.map(({ id }) => id)).toEqual(['10', '20']);
});

test('each part of what is out has a curve of its own, if it was ever out', () => {
  const { curves } = exposureHistory([decided(0, 0, 0), decided(10, 0, 20_000), decided(20, 5_000, 20_000)], 20_000);
  expect(curves.map(({ field, percents }) => [field, percents.at(-1)])).toEqual([
    ['trafficPer100k', 20],
    ['flagsPer100k', 5],
  ]);
});

test('nothing was decided yet: there is nothing to draw', () => {
  expect(exposureHistory([], 0)).toEqual({ changes: [], times: [], curves: [] });
});
