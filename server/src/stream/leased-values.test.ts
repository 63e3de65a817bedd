import { compile, type Flag, withContact } from '@bunting/core';
import { expect, test } from 'vitest';
import { evaluateAll } from '../ofrep/bulk.ts';
import { differ, evaluateFor } from './context-values.ts';

const NOTHING = { keys: [], outcomes: [] };

function compiled(lease?: { variant: string; fallback: string; seconds: number }) {
  const flag: Flag = {
    ...{ key: 'checkout', type: 'boolean', enabled: true, offVariant: 'off', clientVisible: true },
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    defaultRule: {
      split: { ranges: [{ variant: 'on', from: 0, to: 50_000 }], ...(lease === undefined ? {} : { lease }) },
    },
  };
  return compile({ revision: { incarnation: 'i', number: 1, hash: '' }, flags: [flag] });
}

const LEASE = { variant: 'on', fallback: 'off', seconds: 60 };
const subjects = Array.from({ length: 40 }, (_, at) => ({ targetingKey: `user-${at}` }));

test('a page is told what to fall back to, where it is served what is leased, and nowhere else', () => {
  const ruleset = compiled(LEASE);
  const values = subjects.map((subject) => differ(NOTHING, evaluateFor(subject, ruleset, 0)).changed[0]?.[1]);
  for (const value of values) {
    const lease = { value: false, variant: 'off', reason: 'STALE', seconds: 60 };
    expect(value).toEqual({
      ...{ value: value?.value, variant: value?.variant, reason: 'SPLIT' },
      ...(value?.variant === 'on' ? { lease } : {}),
    });
  }
  expect(new Set(values.map((value) => value?.variant))).toEqual(new Set(['on', 'off']));
});

test('when a lease comes, ends or changes, whom it is about is told', () => {
  const changes = (before: ReturnType<typeof compiled>, after: ReturnType<typeof compiled>) =>
    subjects.map((subject) => differ(evaluateFor(subject, before, 0), evaluateFor(subject, after, 0)).changed.length);
  const isOn = subjects.map((subject) => (compiled().evaluate('checkout', subject).variant === 'on' ? 1 : 0));
  expect(changes(compiled(), compiled(LEASE))).toEqual(isOn);
  expect(changes(compiled(LEASE), compiled())).toEqual(isOn);
  expect(changes(compiled(LEASE), compiled({ ...LEASE, seconds: 90 }))).toEqual(isOn);
  expect(changes(compiled(LEASE), compiled(LEASE))).toEqual(isOn.map(() => 0));
});

test('who asks for each answer is served the fallback once nobody has looked after the lease for too long', () => {
  const ruleset = compiled(LEASE);
  for (const subject of subjects) {
    const outcome = ruleset.evaluate('checkout', subject);
    const lapsed =
      outcome.variant === 'on' ? { variant: 'off', reason: 'STALE', metadata: { cause: 'lease' } } : outcome;
    expect(withContact(outcome, 0)).toBe(outcome);
    expect(withContact(outcome, 60_000)).toBe(outcome);
    expect(withContact(outcome, 60_001)).toMatchObject(lapsed);
    const [answer] = JSON.parse(evaluateAll(ruleset, subject, 'all', 61_000).flagsJson);
    expect(answer).toMatchObject({ key: 'checkout', value: false });
  }
});
