import { describe, expect, test } from 'vitest';
import type { Condition, EvaluationContext, Flag, Serve } from './model.ts';
import { compile } from './ruleset.ts';

const revision = { incarnation: 'i', number: 1, hash: 'h' };

function booleanFlag(over: Partial<Flag> = {}): Flag {
  return {
    key: 'f',
    type: 'boolean',
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    enabled: true,
    offVariant: 'off',
    defaultRule: { variant: 'on' },
    ...over,
  };
}

function evaluate(flag: Flag, context: EvaluationContext = { targetingKey: 'u' }) {
  return compile({ revision, flags: [flag] }).evaluate(flag.key, context);
}

const half: Serve = {
  split: {
    ranges: [
      { variant: 'on', from: 0, to: 50_000 },
      { variant: 'off', from: 50_000, to: 100_000 },
    ],
  },
};

function whenFlag(when: Condition): Flag {
  return booleanFlag({ rules: [{ id: 'r', when, serve: { variant: 'on' } }], defaultRule: { variant: 'off' } });
}

const country = (...values: string[]): Condition => ({ attribute: 'country', operator: 'in', values });

describe('a flag without rules', () => {
  test('serves its default variant as STATIC', () => {
    expect(evaluate(booleanFlag())).toMatchObject({
      value: true,
      variant: 'on',
      reason: 'STATIC',
      errorCode: undefined,
    });
  });

  test('that is off serves its off variant as DISABLED', () => {
    expect(evaluate(booleanFlag({ enabled: false }))).toMatchObject({
      value: false,
      variant: 'off',
      reason: 'DISABLED',
      metadata: { cause: 'off' },
    });
  });

  test.each([
    ['string', 'blue'],
    ['number', 42],
    ['object', { a: [1, 2] }],
    ['object', [1, 2]],
  ] as const)('serves %s values', (type, value) => {
    const flag = {
      ...booleanFlag(),
      type,
      variants: [{ name: 'v', value }],
      offVariant: 'v',
      defaultRule: { variant: 'v' },
    };
    expect(evaluate(flag).value).toEqual(value);
  });

  test('answers whatever the context is, because it needs none', () => {
    expect(evaluate(booleanFlag(), null as never).value).toBe(true);
  });
});

describe('a split', () => {
  test('serves each subject by its bucket, as SPLIT', () => {
    const flag = booleanFlag({ defaultRule: half });
    const shares = { on: 0, off: 0 };
    for (let i = 0; i < 2000; i++) {
      const { variant, reason } = evaluate(flag, { targetingKey: `user-${i}` });
      expect(reason).toBe('SPLIT');
      shares[variant as 'on' | 'off'] += 1;
    }
    expect(shares.on).toBeGreaterThan(900);
    expect(shares.on).toBeLessThan(1100);
  });

  test('answers TARGETING_KEY_MISSING without a subject, and says which attribute it needs', () => {
    for (const targetingKey of [undefined, '', 1.5, null, {}, true]) {
      const answer = evaluate(booleanFlag({ defaultRule: half }), { targetingKey } as EvaluationContext);
      expect(answer).toMatchObject({ value: undefined, reason: 'ERROR', errorCode: 'TARGETING_KEY_MISSING' });
      expect(answer.errorMessage).toContain('"targetingKey"');
    }
  });

  test('serves the off variant to buckets that nobody owns', () => {
    const none = booleanFlag({ defaultRule: { split: { ranges: [] } } });
    expect(evaluate(none)).toMatchObject({ variant: 'off', reason: 'SPLIT' });
  });

  test('may hash another attribute; an integer hashes as its digits', () => {
    const byOrg = booleanFlag({ defaultRule: { split: { ...half.split, by: 'org.id' } } });
    for (let id = 0; id < 50; id++) {
      const asText = evaluate(byOrg, { org: { id: String(id) } });
      expect(evaluate(byOrg, { targetingKey: 'other', org: { id } }).variant).toBe(asText.variant);
    }
  });

  test('keeps everyone in place when a flag with a bucketKey is renamed, and when two splits share a seed', () => {
    const before = booleanFlag({ defaultRule: half });
    const renamed = booleanFlag({ key: 'renamed', bucketKey: 'f', defaultRule: half });
    const seeded = booleanFlag({ key: 'other', defaultRule: { split: { ...half.split, seed: 'f' } } });
    for (let i = 0; i < 100; i++) {
      const { variant } = evaluate(before, { targetingKey: `u${i}` });
      expect(evaluate(renamed, { targetingKey: `u${i}` }).variant).toBe(variant);
      expect(evaluate(seeded, { targetingKey: `u${i}` }).variant).toBe(variant);
    }
  });
});

describe('rules', () => {
  test('are tried in order; the first that matches serves, as TARGETING_MATCH with its id', () => {
    const flag = booleanFlag({
      rules: [
        { id: 'first', when: country('DE'), serve: { variant: 'off' } },
        { id: 'second', when: country('DE', 'FR'), serve: { variant: 'on' } },
      ],
      defaultRule: { variant: 'off' },
    });
    expect(evaluate(flag, { country: 'DE' })).toMatchObject({ variant: 'off', metadata: { ruleId: 'first' } });
    expect(evaluate(flag, { country: 'FR' })).toMatchObject({ variant: 'on', metadata: { ruleId: 'second' } });
    expect(evaluate(flag, { country: 'US' })).toMatchObject({ variant: 'off', reason: 'DEFAULT' });
  });

  test.each<[string, Condition, boolean]>([
    ['all of nothing', { all: [] }, true],
    ['any of nothing', { any: [] }, false],
    ['a comparison that holds', country('DE'), true],
    ['a comparison that does not', country('FR'), false],
    ['the negation of one that does not', { not: country('FR') }, true],
    ['all, one false', { all: [country('DE'), country('FR')] }, false],
    ['any, one true', { any: [country('FR'), country('DE')] }, true],
    ['a missing attribute', { attribute: 'city', operator: 'in', values: ['x'] }, false],
    ['the negation of a missing attribute', { not: { attribute: 'city', operator: 'in', values: ['x'] } }, false],
    [
      'any, one true and one unknown',
      { any: [{ attribute: 'city', operator: 'in', values: ['x'] }, country('DE')] },
      true,
    ],
    [
      'not all, one false and one unknown',
      { not: { all: [{ attribute: 'city', operator: 'in', values: ['x'] }, country('FR')] } },
      true,
    ],
    ['a value of another type', { not: { attribute: 'age', operator: 'in', values: ['18'] } }, false],
    ['a nested attribute', { attribute: 'org.plan', operator: 'in', values: ['pro'] }, true],
    ['a name that every object inherits', { not: { attribute: 'constructor', operator: 'in', values: ['x'] } }, false],
  ])('match only on true: %s', (_name, when, expected) => {
    expect(evaluate(whenFlag(when), { country: 'DE', age: 18, org: { plan: 'pro' } }).value).toBe(expected);
  });

  test('take no attribute from a prototype', () => {
    class User {
      get country() {
        return 'DE';
      }
    }
    expect(evaluate(whenFlag(country('DE')), new User() as never).value).toBe(false);
    expect(evaluate(whenFlag(country('DE')), Object.create({ country: 'DE' })).value).toBe(false);
  });
});

describe('errors stay where they belong', () => {
  test('an unknown flag is FLAG_NOT_FOUND', () => {
    expect(compile({ revision, flags: [] }).evaluate('f', {}).errorCode).toBe('FLAG_NOT_FOUND');
  });

  test('a malformed flag is PARSE_ERROR alone, and is counted as broken once someone looked', () => {
    const broken = { ...booleanFlag({ key: 'broken' }), offVariant: 'nobody' };
    const cyclic: Record<string, unknown> = { ...booleanFlag({ key: 'cyclic' }) };
    cyclic.self = cyclic;
    const ruleset = compile({ revision, flags: [booleanFlag(), broken, cyclic as never, null as never] });
    expect(ruleset.broken).toEqual([]);
    expect(ruleset.evaluate('broken', {})).toMatchObject({ value: undefined, errorCode: 'PARSE_ERROR' });
    expect(ruleset.evaluate('broken', {}).errorMessage).toContain('offVariant');
    expect(ruleset.evaluate('f', {}).value).toBe(true);
    expect(ruleset.broken).toEqual(['broken']);
    expect(ruleset.validate(1)).toBe(1);
    expect(ruleset.validate()).toBe(0);
    expect(ruleset.broken).toEqual(['broken', 'cyclic', 'flag[3]']);
    expect(ruleset.typeOf('broken')).toBeUndefined();
    expect(ruleset.typeOf('f')).toBe('boolean');
  });

  test.each([[null], [undefined], ['text'], [5]])('a context that is %j is INVALID_CONTEXT', (context) => {
    const ruleset = compile({ revision, flags: [whenFlag(country('DE'))] });
    expect(ruleset.evaluate('f', context as never).errorCode).toBe('INVALID_CONTEXT');
  });

  test('a context that throws when it is read is INVALID_CONTEXT', () => {
    const throwing = {
      get country(): string {
        throw new Error('no');
      },
    };
    const proxy = new Proxy({}, { getPrototypeOf: () => ({}), ownKeys: () => expect.unreachable() });
    expect(evaluate(whenFlag(country('DE')), throwing).errorCode).toBe('INVALID_CONTEXT');
    expect(evaluate(whenFlag(country('DE')), proxy).errorCode).toBe('INVALID_CONTEXT');
  });
});

describe('a kill', () => {
  test('outranks everything and serves the safe variant, or else the off variant', () => {
    const kills = [{ flag: 'f', epoch: 1, engaged: true }];
    const off = compile({ revision, flags: [booleanFlag()], kills }).evaluate('f', {});
    expect(off).toMatchObject({ variant: 'off', reason: 'DISABLED', metadata: { cause: 'kill' } });
    const flag = booleanFlag({
      variants: [
        { name: 'on', value: true },
        { name: 'off', value: false },
        { name: 'safe', value: false },
      ],
      safeVariant: 'safe',
    });
    expect(compile({ revision, flags: [flag], kills }).evaluate('f', {}).variant).toBe('safe');
  });
});

test('evaluations that end alike share one outcome', () => {
  const ruleset = compile({ revision, flags: [booleanFlag({ defaultRule: half })] });
  const outcomes = new Set<unknown>();
  for (let i = 0; i < 100; i++) outcomes.add(ruleset.evaluate('f', { targetingKey: `u${i}` }));
  expect(outcomes.size).toBe(2);
});
