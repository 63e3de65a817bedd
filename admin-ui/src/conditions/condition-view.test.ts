import type { Condition } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conditionOf, topGroupOf, viewOf } from './condition-view.ts';

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Condition>(
      { attribute: 'country', operator: 'in', values: ['DE'], ignoreCase: true },
      { attribute: 'plans', operator: 'startsWith', values: ['p'], elements: 'any' },
      { segment: 'beta' },
      { during: { from: '2030-01-01T00:00:00Z' } },
      { during: {} },
    ),
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}));

test('what the builder shows is what is stored', () => {
  fc.assert(
    fc.property(condition, (each) => {
      expect(conditionOf(viewOf(each))).toEqual(each);
    }),
  );
});

test('a negation stands beside what it negates', () => {
  expect(viewOf({ not: { any: [{ segment: 'beta' }] } })).toEqual({
    ...{ kind: 'group', word: 'any', negated: true },
    parts: [{ segment: 'beta' }],
  });
});

test('a rule of one comparison is a group of one', () => {
  const when: Condition = { not: { segment: 'beta' } };
  expect(topGroupOf(when)).toEqual({ kind: 'group', word: 'all', negated: false, parts: [when] });
});
