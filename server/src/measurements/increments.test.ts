import { DurationSketch } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Increments } from './increments.ts';
import { RunningCounts } from './running-counts.ts';

const LABELS = { variant: 'on', rule: '', reason: 'SPLIT', path: 'run', version: '1' };
const path = { flag: 'f', variant: 'on', reason: 'SPLIT', path: 'run' } as const;
const newCounts = () => {
  const counts = new RunningCounts();
  counts.watch(new Map([['e', { flags: 'all', timed: 'all', sampled: 'all' }]]));
  return counts;
};

test('whenever one looks, what comes out is what was counted, each once', () => {
  const happening = fc.oneof(
    fc.record({ count: fc.nat(20), errors: fc.nat(5), version: fc.constantFrom('1', '2', '3') }),
    fc.constantFrom('look', 'lost answer'),
  );
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 300, size: 'max' }), (happenings) => {
      const [counts, increments] = [newCounts(), new Increments(false)];
      const [made, found] = [
        { count: 0, bad: 0 },
        { count: 0, bad: 0 },
      ];
      const look = () => {
        for (const { count, bad } of increments.take(counts.since(increments.upTo))) {
          found.count += count;
          found.bad += bad;
        }
      };
      for (const each of happenings) {
        if (each === 'look') look();
        else if (each === 'lost answer') counts.since(increments.upTo);
        else {
          const { version, errors, count } = each;
          made.count += count + errors;
          made.bad += errors;
          counts.addPath('e', { ...LABELS, version }, { ...path, count: count + errors, errors });
        }
      }
      look();
      expect(found).toEqual(made);
    }),
  );
});

test('slices and durations are differences too, and what is gone is forgotten without counting anything twice', () => {
  const [counts, increments] = [newCounts(), new Increments(false)];
  const slow = (ms: number) => {
    const sketch = new DurationSketch();
    sketch.add(ms * 1000);
    return sketch.encode();
  };
  counts.addPath('e', LABELS, { ...path, count: 1, errors: 0, durations: slow(500), slices: [7, 1, 0] });
  increments.take(counts.since(increments.upTo));
  // Longer than it takes until everything is asked for once more.
  for (let reading = 0; reading < 1_300; reading++) {
    expect(increments.take(counts.since(increments.upTo))).toEqual([]);
  }
  counts.addPath('e', LABELS, { ...path, count: 2, errors: 1, durations: slow(900), slices: [7, 1, 1, 9, 1, 0] });
  const [one] = increments.take(counts.since(increments.upTo));
  expect(one).toMatchObject({ count: 2, bad: 1, subjects: 1 });
  expect(one?.slices).toEqual([
    { slice: 7, count: 1, errors: 1 },
    { slice: 9, count: 1, errors: 0 },
  ]);
  expect([one?.slowerThan(100_000), one?.slowerThan(600_000), one?.slowerThan(2_000_000)]).toEqual([1, 1, 0]);
});
