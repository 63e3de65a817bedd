import { DurationSketch, type PathCount } from '@bunting/core';
import { expect, test } from 'vitest';
import { RunningCounts } from './running-counts.ts';

const LABELS = { variant: 'on', rule: 'r', reason: 'SPLIT', path: 'run', version: '1' };
const counted = (fields: Partial<PathCount> = {}): PathCount => ({
  ...{ flag: 'checkout', variant: 'on', reason: 'SPLIT', path: 'run', count: 3, errors: 1 },
  ...fields,
});
const watchOne = (flag: string, timed: readonly string[] = []) =>
  new Map([['e', { flags: new Set([flag]), timed: new Set(timed), sampled: new Set<string>() }]]);

test('a reader gets what changed since its last look, as it stands in total', () => {
  const counts = new RunningCounts();
  counts.watch(watchOne('checkout'));
  counts.addPath('e', LABELS, counted({ slices: [4, 3, 1] }));
  counts.addPath('e', { ...LABELS, variant: 'off' }, counted({ errors: 0 }));
  const first = counts.since(0);
  expect(first.cells).toMatchObject([
    { variant: 'on', count: 3, bad: 1, slices: [4, 3, 1] },
    { variant: 'off', count: 3, bad: 0 },
  ]);
  expect(counts.since(first.upTo).cells).toEqual([]);
  counts.addPath('e', LABELS, counted({ timeouts: 1, slices: [4, 2, 0, 99, 1, 1] }));
  expect(counts.since(first.upTo).cells).toMatchObject([
    { variant: 'on', count: 6, bad: 3, slices: [4, 5, 1, 99, 1, 1] },
  ]);
  expect(counts.since(0).cells).toHaveLength(2);
});

test('only what is watched is counted, and what is watched anew has new cells', () => {
  const counts = new RunningCounts();
  counts.addPath('e', LABELS, counted());
  counts.watch(watchOne('other'));
  counts.addPath('e', LABELS, counted());
  expect(counts.since(0).cells).toEqual([]);
  counts.watch(new Map([['e', { flags: 'all', timed: 'all', sampled: 'all' }]]));
  counts.addPath('e', LABELS, counted());
  const [before] = counts.since(0).cells;
  counts.watch(new Map());
  expect(counts.since(0).cells).toEqual([]);
  counts.watch(watchOne('checkout'));
  counts.addPath('e', LABELS, counted());
  const [after] = counts.since(0).cells;
  expect(after).toMatchObject({ count: 3 });
  expect(after?.id).not.toBe(before?.id);
});

test('durations are kept where they are watched; of comparisons, how many differed', () => {
  const durations = new DurationSketch();
  durations.add(2_000_000);
  const counts = new RunningCounts();
  counts.watch(watchOne('checkout'));
  counts.addPath('e', LABELS, counted({ durations: durations.encode() }));
  expect(counts.since(0).cells[0]).not.toHaveProperty('durations');
  counts.watch(watchOne('checkout', ['checkout']));
  counts.addPath('e', LABELS, counted({ durations: durations.encode() }));
  expect(counts.since(0).cells[0]).toMatchObject({ durations: durations.encode() });
  counts.addComparison(
    'e',
    { variant: 'on', path: 'read', version: '' },
    { flag: 'checkout', variant: 'on', path: 'read', compared: 9, mismatched: 2, skipped: 1 },
  );
  expect(counts.since(0).cells[1]).toMatchObject({ path: 'read', reason: '', count: 9, bad: 2 });
});

test('one flag has room for so many cells: versions of long ago make room for those that run', () => {
  const counts = new RunningCounts();
  counts.watch(watchOne('checkout'));
  for (let i = 0; i < 300; i++) {
    counts.addPath('e', { ...LABELS, version: `${i}` }, counted());
    counts.addPath('e', { ...LABELS, version: 'steady' }, counted());
  }
  const { cells } = counts.since(0);
  expect(cells).toHaveLength(200);
  expect(cells.at(-1)).toMatchObject({ version: 'steady', count: 900 });
  expect(cells.map(({ version }) => version)).toContain('299');
});
