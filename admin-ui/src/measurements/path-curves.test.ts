import { expect, test } from 'vitest';
import type { Measurements } from '../api/types.ts';
import { pathCurves, pathsOf, valuesOf } from './path-curves.ts';

const startMs = Date.parse('2030-01-01T12:00:00Z');
const at = (step: number) => new Date(startMs + step * 15_000).toISOString();
const counts = (count: number, errors = 0) => ({
  ...{ count, errors, errorRate: count === 0 ? null : errors / count, timeouts: 0, failingSubjects: errors },
  ...{ p50Ms: 10, p90Ms: 20, p99Ms: 30 },
});
const series = (variant: string, path: string, points: Readonly<Record<number, [number, number?]>>) => ({
  ...{ variant, path, totals: counts(Object.values(points).reduce((sum, [count]) => sum + count, 0)) },
  points: Object.entries(points).map(([step, [count, errors]]) => ({ at: at(Number(step)), ...counts(count, errors) })),
});
const measured = (paths: Measurements['paths'], steps = 6.5): Measurements => ({
  ...{ from: at(0), to: at(steps), stepS: 15, paths, comparisons: [], incomplete: [] },
});

test('a curve begins with the first step in which anything ran, and a step without runs is a gap', () => {
  const { times, variants } = pathCurves(
    measured([
      series('on', 'run', { 2: [4, 1], 4: [2] }),
      series('off', 'run', { 3: [5] }),
      series('on', 'read.old', { 0: [9] }),
    ]),
    'run',
  );
  expect(times).toEqual([2, 3, 4, 5].map((step) => Date.parse(at(step))));
  const [on, off] = variants;
  expect(valuesOf(on?.steps ?? [], 'errorRate')).toEqual([0.25, null, 0, null]);
  expect(valuesOf(on?.steps ?? [], 'count')).toEqual([4, 0, 2, 0]);
  expect(valuesOf(off?.steps ?? [], 'p90Ms')).toEqual([null, 20, null, null]);
});

test('the step under way is not drawn as a fall, but is when there is no other', () => {
  const both = measured([series('on', 'run', { 5: [4], 6: [1] })]);
  expect(pathCurves(both, 'run').times).toEqual([Date.parse(at(5))]);
  const first = measured([series('on', 'run', { 6: [1] })]);
  expect(pathCurves(first, 'run').variants).toMatchObject([{ steps: [{ count: 1 }] }]);
});

test('the path that ran most comes first', () => {
  const paths = [
    series('off', 'read.old', { 1: [3] }),
    series('on', 'run', { 1: [2] }),
    series('off', 'run', { 1: [2] }),
  ];
  expect(pathsOf(measured(paths))).toEqual(['run', 'read.old']);
});
