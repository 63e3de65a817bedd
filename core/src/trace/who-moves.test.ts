import { expect, test } from 'vitest';
import { reweigh } from '../bucketing/reweigh.ts';
import type { Flag } from '../model.ts';
import { compile } from '../ruleset.ts';
import { explain } from './explain.ts';
import { whoMoves } from './who-moves.ts';

const revision = { incarnation: 'i', number: 1, hash: 'h' };

function rollout(share: number, over: Partial<Flag> = {}): Flag {
  const weights = [
    { variant: 'on', weightPer100k: share },
    { variant: 'off', weightPer100k: 100_000 - share },
  ];
  return {
    key: 'f',
    type: 'boolean',
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    enabled: true,
    offVariant: 'off',
    defaultRule: { split: { ranges: reweigh([], weights) } },
    ...over,
  };
}

const users = Array.from({ length: 1000 }, (_, i) => ({
  targetingKey: `user-${i}`,
  country: i % 10 === 0 ? 'DE' : 'FR',
}));

test('growing a rollout from 20 % to 30 % moves a tenth of the subjects, all from off to on', () => {
  const moves = whoMoves(
    compile({ revision, flags: [rollout(20_000)] }),
    compile({ revision, flags: [rollout(30_000)] }),
    users,
  );
  expect(moves.length).toBeGreaterThan(70);
  expect(moves.length).toBeLessThan(130);
  for (const { before, after } of moves) expect([before.variant, after.variant]).toEqual(['off', 'on']);
});

test('each move names the step that decided before and after', () => {
  const when = { attribute: 'country', operator: 'in', values: ['DE'] } as const;
  const ruled = rollout(0, { rules: [{ id: 'germany', when, serve: { variant: 'on' } }] });
  const moves = whoMoves(compile({ revision, flags: [rollout(0)] }), compile({ revision, flags: [ruled] }), users);
  expect(moves.map(({ context }) => context)).toEqual(Array.from({ length: 100 }, (_, i) => i * 10));
  expect(moves[0]).toMatchObject({
    flag: 'f',
    decidedBefore: { step: 'default-rule', serve: { variant: 'off' } },
    decidedAfter: { step: 'rule', id: 'germany', condition: { truth: 'true', value: 'DE' } },
  });
});

test('flags that come, go or break move everyone; equal rulesets move nobody', () => {
  const ruleset = compile({ revision, flags: [rollout(50_000)] });
  expect(whoMoves(ruleset, compile({ revision, flags: [rollout(50_000)] }), users)).toEqual([]);
  expect(whoMoves(ruleset, compile({ revision, flags: [] }), users)).toHaveLength(1000);
  const broken = { ...rollout(50_000), offVariant: 'gone' };
  expect(whoMoves(ruleset, compile({ revision, flags: [broken] }), users, { flags: ['f'] })).toHaveLength(1000);
});

test('a trace shows the bucket, the range that it is in and what was hashed', () => {
  const { steps, evaluation } = explain(compile({ revision, flags: [rollout(50_000)] }), 'f', {
    targetingKey: 'user-1',
  });
  const last = steps.at(-1);
  if (last?.step !== 'default-rule' || last.serve.split === undefined) return expect.unreachable();
  const { place, range } = last.serve.split;
  expect(place).toMatchObject({ by: 'targetingKey', seed: 'f', subject: 'user-1' });
  expect(range?.variant).toBe(evaluation.variant);
  expect(place.bucket).toBeGreaterThanOrEqual(range?.from ?? Number.NaN);
  expect(place.bucket).toBeLessThan(range?.to ?? Number.NaN);
});
