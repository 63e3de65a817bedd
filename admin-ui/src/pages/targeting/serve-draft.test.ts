import { expect, test } from 'vitest';
import { setWeight, weightsOfServe } from '../../flags/weights.ts';
import { draftOf, sameDraft, serveOfDraft, switchKind } from './serve-draft.ts';

const flag = {
  type: 'boolean' as const,
  variants: [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ],
};
const quarter = {
  split: {
    by: 'org.id',
    seed: 's',
    ranges: [
      { variant: 'on', from: 0, to: 25_000 },
      { variant: 'off', from: 25_000, to: 100_000 },
    ],
  },
};

test('turning one variant into a percentage moves nobody', () => {
  const one = draftOf({ variant: 'on' }, flag, 'off', 0);
  const split = switchKind(one, 'split', flag);
  expect(split).toEqual({
    kind: 'split',
    weights: [
      { variant: 'on', weightPer100k: 100_000 },
      { variant: 'off', weightPer100k: 0 },
    ],
  });
});

test('a percentage becomes the variant that most have', () => {
  expect(switchKind(draftOf(quarter, flag, 'off', 0), 'variant', flag)).toEqual({ kind: 'variant', variant: 'off' });
});

test('new weights move the fewest from what is served, and what a split hashes stays', () => {
  const half = { kind: 'split' as const, weights: setWeight(weightsOfServe(quarter, flag.variants, 'off'), 0, 50_000) };
  expect(serveOfDraft(half, quarter, quarter, 0)).toEqual({
    split: {
      by: 'org.id',
      seed: 's',
      ranges: [
        { variant: 'on', from: 0, to: 50_000 },
        { variant: 'off', from: 50_000, to: 100_000 },
      ],
    },
  });
});

test('new weights end a schedule, and begin where it had come to', () => {
  const { ranges } = quarter.split;
  const all = { variant: 'on', from: 0, to: 100_000 };
  const ramp = { split: { ranges, schedule: [{ atMs: 1_000, ranges: [all] }] } };
  expect(draftOf(ramp, flag, 'off', 999)).toEqual(draftOf(quarter, flag, 'off', 0));
  const there = draftOf(ramp, flag, 'off', 1_000);
  expect(there).toMatchObject({ weights: [{ weightPer100k: 100_000 }, { weightPer100k: 0 }] });
  expect(serveOfDraft(there, ramp, ramp, 1_000)).toEqual({ split: { ranges: [all] } });
});

test('drafts are the same when they serve the same in the same form', () => {
  const split = draftOf(quarter, flag, 'off', 0);
  expect(sameDraft(split, draftOf(quarter, flag, 'off', 0))).toBe(true);
  expect(sameDraft(split, { kind: 'variant', variant: 'off' })).toBe(false);
  expect(sameDraft({ kind: 'variant', variant: 'on' }, { kind: 'variant', variant: 'off' })).toBe(false);
});
