import { compile, explain, type Flag } from '@bunting/core';
import { expect, test } from 'vitest';
import { pathOf } from './trace-steps.ts';

const flag: Flag = {
  ...{ key: 'f', type: 'boolean', enabled: true, bucketKey: 'f', offVariant: 'off' },
  variants: [
    { name: 'off', value: false },
    { name: 'on', value: true },
  ],
  rules: [
    {
      id: 'vip',
      name: 'VIPs',
      when: { all: [{ attribute: 'plan', operator: 'in', values: ['pro'] }, { segment: 'gone' }] },
      serve: { variant: 'on' },
    },
  ],
  defaultRule: { split: { ranges: [{ variant: 'on', from: 0, to: 100_000 }] } },
};

const pathFor = (part: Partial<Flag>, context: Record<string, unknown>) => {
  const revision = { incarnation: 'i', number: 1, hash: '' };
  return pathOf(explain(compile({ revision, flags: [{ ...flag, ...part }] }), 'f', context, 0));
};

test('each step is told in order with what it rests on, up to the one that decided', () => {
  const path = pathFor({}, { targetingKey: 'u', plan: 'free' });
  expect(path.map(({ outcome }) => outcome)).toEqual(['passes', 'passes', 'passes', 'decides']);
  expect(path[2]?.asks).toContain('Rule VIPs');
  expect(path[2]?.details).toContain('  false: plan is one of "pro" ("free")');
  expect(path[3]?.details.join('\n')).toMatch(
    /^bucket \d+ of 100000, by targetingKey "u"\nthe range 0 to 99999 is on's$/,
  );
});

test('what cannot be told is no match, and says what the context lacks', () => {
  const [, , rule] = pathFor({}, { targetingKey: 'u' });
  expect(rule).toMatchObject({ outcome: 'unknown', says: 'cannot be told: no match' });
  expect(rule?.details).toContain('  unknown: plan is one of "pro" (the context has none)');
});

test('a flag that is off, and one without a subject, say so', () => {
  expect(pathFor({ enabled: false }, {}).at(-1)).toMatchObject({ asks: 'Is it on?', outcome: 'decides' });
  expect(pathFor({ rules: [] }, {}).at(-1)?.details).toContain('no targetingKey in the context: no bucket');
});
