import { DurationSketch, SubjectSketch } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PathCounts, type PathCountText } from './path-counts.ts';

const text = fc
  .record({
    count: fc.nat({ max: 100 }),
    durations: fc.option(fc.array(fc.integer({ min: 1, max: 1e8 }), { maxLength: 20 })),
    failing: fc.option(fc.array(fc.string({ maxLength: 5 }), { maxLength: 20 })),
    slices: fc.option(
      fc.array(fc.tuple(fc.nat({ max: 99 }), fc.nat({ max: 9 }), fc.nat({ max: 9 })), { maxLength: 5 }),
    ),
  })
  .map(({ count, durations, failing, slices }): PathCountText => {
    const sketch = new DurationSketch();
    for (const us of durations ?? []) sketch.add(us);
    const subjects = new SubjectSketch();
    for (const subject of failing ?? []) subjects.add(subject);
    return {
      ...{ count, errors: Math.floor(count / 3), timeouts: Math.floor(count / 5) },
      ...(durations === null ? {} : { durations: sketch.encode() }),
      ...(failing === null ? {} : { failing: subjects.encode() }),
      ...(slices === null ? {} : { slices: slices.flatMap(([slice, a, b]) => [slice, a + b, b]) }),
    };
  });

function sumOf(texts: readonly PathCountText[], freezeAt = -1): PathCounts {
  const sum = new PathCounts();
  for (const [at, text] of texts.entries()) {
    sum.add(text);
    if (at === freezeAt) sum.freeze();
  }
  return sum;
}

function shown(counts: PathCounts) {
  const { count, errors, timeouts, durations, failing, slices } = counts;
  return { count, errors, timeouts, durations: durations.encode(), failing: failing.encode(), slices };
}

test('adds up to the same in any order, frozen on the way or not, and over another server or not', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 8 }), fc.nat({ max: 8 }), (texts, at) => {
      const all = shown(sumOf(texts));
      expect(shown(sumOf(texts.toReversed()))).toEqual(all);
      expect(shown(sumOf(texts, at))).toEqual(all);
      const there = sumOf(texts.slice(0, at));
      there.freeze();
      expect(shown(sumOf([there.toText(), sumOf(texts.slice(at)).toText()]))).toEqual(all);
    }),
  );
});

test('knows the slices that have any', () => {
  const counts = sumOf([
    { count: 9, errors: 2, slices: [3, 5, 1, 99, 4, 1] },
    { count: 1, errors: 0, slices: [3, 1, 0] },
  ]);
  expect(counts.slices).toEqual([
    { slice: 3, count: 6, errors: 1 },
    { slice: 99, count: 4, errors: 1 },
  ]);
});
