import { expect, test } from 'vitest';
import { describeImpact, draftOf, sameDraft, serveOfDraft, switchKind } from './serve-draft.ts';

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
  const one = draftOf({ variant: 'on' }, flag, 'off');
  const split = switchKind(one, 'split', flag);
  expect(split).toEqual({
    kind: 'split',
    weights: [
      { variant: 'on', weightPer100k: 100_000 },
      { variant: 'off', weightPer100k: 0 },
    ],
  });
  expect(describeImpact(one, split, flag)).toBe('Nobody gets another variant.');
});

test('a percentage becomes the variant that most have', () => {
  expect(switchKind(draftOf(quarter, flag, 'off'), 'variant', flag)).toEqual({ kind: 'variant', variant: 'off' });
});

test('what a split hashes is sent back as it was, its ranges as weights', () => {
  expect(serveOfDraft(draftOf(quarter, flag, 'off'), quarter)).toEqual({
    split: {
      by: 'org.id',
      seed: 's',
      weights: [
        { variant: 'on', weightPer100k: 25_000 },
        { variant: 'off', weightPer100k: 75_000 },
      ],
    },
  });
});

test('the impact is the part of the subjects that gets another variant', () => {
  const before = draftOf(quarter, flag, 'off');
  const after = {
    kind: 'split' as const,
    weights: [
      { variant: 'on', weightPer100k: 37_500 },
      { variant: 'off', weightPer100k: 62_500 },
    ],
  };
  expect(describeImpact(before, after, flag)).toBe('Moves 12.5% of subjects, the fewest possible.');
  expect(describeImpact(before, { kind: 'variant', variant: 'on' }, flag)).toContain('75%');
});

test('drafts are the same when they serve the same in the same form', () => {
  const split = draftOf(quarter, flag, 'off');
  expect(sameDraft(split, draftOf(quarter, flag, 'off'))).toBe(true);
  expect(sameDraft(split, { kind: 'variant', variant: 'off' })).toBe(false);
  expect(sameDraft({ kind: 'variant', variant: 'on' }, { kind: 'variant', variant: 'off' })).toBe(false);
});
