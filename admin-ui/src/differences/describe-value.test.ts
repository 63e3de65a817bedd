import { expect, test } from 'vitest';
import { describeValue } from './describe-value.ts';

const split = {
  split: {
    by: 'org.id',
    ranges: [
      { variant: 'a', from: 0, to: 10_000 },
      { variant: 'b', from: 10_000, to: 70_000 },
      { variant: 'a', from: 70_000, to: 80_000 },
    ],
  },
};

test('a split is told by shares, with what nobody owns and what else it says', () => {
  expect(describeValue('defaultRule', split)).toBe('60% b, 20% a, 20% off variant, by org.id');
  expect(describeValue('serve', { variant: 'on' })).toBe('on');
});

test('rules and conditions are sentences', () => {
  const when = { attribute: 'plan', operator: 'in', values: ['pro'] };
  expect(describeValue('when', when)).toBe('plan is one of "pro"');
  expect(describeValue('vip', { id: 'vip', when, serve: { variant: 'on' } })).toBe('if plan is one of "pro": on');
});

test('what there are no words for is shown as it is', () => {
  expect(describeValue('tags', ['a'])).toBe('["a"]');
  expect(describeValue('serve', { moon: 1 })).toBe('{"moon":1}');
  expect(describeValue('serve', { split: { ranges: [1] } })).toBe('{"split":{"ranges":[1]}}');
  expect(describeValue('enabled', false)).toBe('off');
});
