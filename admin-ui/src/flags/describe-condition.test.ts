import type { Condition } from '@bunting/core';
import { expect, test } from 'vitest';
import { describeCondition } from './describe-condition.ts';

const country = { attribute: 'country', operator: 'in', values: ['CH', 'DE'] } as const;
const plan = { attribute: 'org.plan', operator: 'in', values: ['pro'] } as const;

test('conditions read as sentences, with brackets where the words alone would mislead', () => {
  const condition: Condition = { all: [country, { any: [plan, { not: plan }] }] };
  expect(describeCondition(country)).toBe('country is one of "CH", "DE"');
  expect(describeCondition(condition)).toBe(
    'country is one of "CH", "DE" and (org.plan is one of "pro" or not (org.plan is one of "pro"))',
  );
});

test('a group of one needs no brackets, an empty one says whom it matches', () => {
  expect(describeCondition({ any: [{ all: [country] }] })).toBe('country is one of "CH", "DE"');
  expect(describeCondition({ all: [] })).toBe('anyone');
  expect(describeCondition({ any: [] })).toBe('nobody');
});

test('presence compares with nothing', () => {
  expect(describeCondition({ attribute: 'email', operator: 'present', values: [] })).toBe('email is present');
});

test('what narrows a condition is never left out, even when there are no words for it', () => {
  expect(describeCondition({ ...country, ignoreCase: true })).toBe('country is one of "CH", "DE" in any case');
  expect(describeCondition({ ...plan, elements: 'all' })).toBe('every element of org.plan is one of "pro"');
  expect(describeCondition({ ...country, someday: 1 })).toBe('country is one of "CH", "DE" {"someday":1}');
  expect(describeCondition({ during: { until: '2030-01-01T00:00:00Z' } })).toBe(
    'the time is until 2030-01-01T00:00:00Z',
  );
  expect(describeCondition({ attribute: 'a', operator: 'newOperator', values: [1] })).toBe('a newOperator 1');
  expect(describeCondition({ moon: 'full' })).toBe('{"moon":"full"}');
  expect(describeCondition('everything')).toBe('"everything"');
});
