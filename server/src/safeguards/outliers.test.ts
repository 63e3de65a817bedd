import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findOutliers, type GroupCount, Outliers } from './outliers.ts';

const group = (count: number, bad: number): GroupCount => ({ count, bad });

test('an instance that is bad where the others are not is named, with what the others did', () => {
  const groups = new Map([
    ['a', group(100, 1)],
    ['b', group(100, 60)],
    ['c', group(100, 0)],
  ]);
  expect(findOutliers('instance', groups)).toEqual([
    { kind: 'instance', name: 'b', count: 100, bad: 60, others: { groups: 2, count: 200, bad: 1 } },
  ]);
});

test('what is bad everywhere, or too little to say, points at nobody', () => {
  const alike = ['a', 'b', 'c', 'd'].map((name) => [name, group(100, 50)] as const);
  expect(findOutliers('instance', new Map(alike))).toEqual([]);
  expect(findOutliers('instance', new Map([['a', group(100, 50)]]))).toEqual([]);
  expect(findOutliers('instance', new Map([...alike, ['e', group(2, 2)]]))).toEqual([]);
  expect(findOutliers('instance', new Map())).toEqual([]);
});

test('at most half are named, and all that is not named is the others', () => {
  const counts = fc.tuple(fc.nat(500), fc.nat(500)).map(([good, bad]) => group(good + bad, bad));
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), counts), (groups) => {
      const found = findOutliers('version', new Map(Object.entries(groups)));
      expect(found.length).toBeLessThanOrEqual(Object.keys(groups).length / 2);
      for (const { others } of found) {
        expect(others.groups).toBe(Object.keys(groups).length - found.length);
        expect(others.bad).toBeLessThanOrEqual(others.count);
      }
    }),
  );
});

test('when it cannot be read, nothing is said', async () => {
  const broken = { readAll: () => Promise.reject(new Error('away')) };
  const outliers = new Outliers(broken, { warn: () => {} });
  const sides = { path: 'run', badPath: undefined, candidate: 'on', baseline: 'off', badAboveUs: undefined };
  const steps = [{ fromMs: 0, toMs: 1, candidate: [1, 1] as const }];
  const found = outliers.find(
    { environmentId: 'e', metric: { kind: 'errors' } },
    'a',
    { ...sides, thresholdsUs: [] },
    { steps },
  );
  expect(await found).toBeUndefined();
});
