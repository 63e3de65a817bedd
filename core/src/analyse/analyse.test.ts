import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Condition, Flag, Ruleset } from '../model.ts';
import { condition, context, moment, ruleset } from '../random-ruleset.test.fixture.ts';
import { compile } from '../ruleset.ts';
import { explain } from '../trace/explain.ts';
import { analyse } from './analyse.ts';
import type { FindingCode } from './finding.ts';
import { implies } from './implies.ts';
import { findPrerequisiteCycle } from './prerequisites.ts';

const revision = { incarnation: 'i', number: 1, hash: 'h' };

function flag(over: Partial<Flag> = {}): Flag {
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

const is = (attribute: string, ...values: string[]): Condition => ({ attribute, operator: 'in', values });
const number = (attribute: string, operator: 'lessThan' | 'atLeast', value: number): Condition => ({
  attribute,
  operator,
  values: [value],
});

function rules(...conditions: Condition[]): Flag {
  return flag({ rules: conditions.map((when, i) => ({ id: `r${i}`, when, serve: { variant: 'on' } })) });
}

function findings(over: Partial<Ruleset>) {
  return analyse({ revision, flags: [], ...over }).filter(({ code }) => code !== 'attribute-used-once');
}

describe('analyse finds', () => {
  test('nothing in a sound flag', () => {
    expect(findings({ flags: [rules(is('country', 'DE'), is('country', 'FR'))] })).toEqual([]);
  });

  test('nothing in a prerequisite that holds once a lease of its parent has lapsed', () => {
    const lease = { variant: 'on', fallback: 'blue', seconds: 60 };
    const ranges = [{ variant: 'on', from: 0, to: 100_000 }];
    const variants = [...flag().variants, { name: 'blue', value: false }];
    const parent = flag({ key: 'p', variants, defaultRule: { split: { ranges, lease } } });
    const prerequisites = [{ flag: 'p', variants: ['blue'] }];
    expect(findings({ flags: [flag({ prerequisites }), parent] })).toEqual([]);
  });

  test.each<[string, Partial<Ruleset>, FindingCode, string, RegExp]>([
    ['a malformed flag', { flags: [flag({ offVariant: 'no' })] }, 'malformed', 'offVariant', /variants/],
    [
      'a malformed segment',
      { segments: [{ key: 's', when: { xor: [] } as never }] },
      'malformed',
      'when',
      /no condition/,
    ],
    [
      'a rule after an equal one',
      { flags: [rules(is('a', 'x'), is('a', 'x'))] },
      'rule-unreachable',
      'rules[1]',
      /"r0"/,
    ],
    [
      'a rule within an earlier one',
      { flags: [rules(is('a', 'x', 'y'), { all: [is('a', 'y'), is('b', 'z')] })] },
      'rule-unreachable',
      'rules[1]',
      /"r0"/,
    ],
    [
      'a rule after one for everyone',
      { flags: [rules({ all: [] }, is('a', 'y'))] },
      'rule-unreachable',
      'rules[1]',
      /"r0"/,
    ],
    [
      'numbers within an earlier bound',
      { flags: [rules(number('n', 'lessThan', 9), number('n', 'lessThan', 5))] },
      'rule-unreachable',
      'rules[1]',
      /"r0"/,
    ],
    [
      'a rule for everyone',
      { flags: [rules(is('a', 'y'), { any: [is('a', 'x'), { all: [] }] })] },
      'rule-always-matches',
      'rules[1].when',
      /everyone/,
    ],
    ['any of nothing', { flags: [rules({ any: [] })] }, 'condition-contradictory', 'rules[0].when', /any of nothing/],
    [
      'lists that exclude each other',
      { flags: [rules({ all: [is('a', 'x'), { all: [is('a', 'y')] }] })] },
      'condition-contradictory',
      'rules[0].when',
      /nothing in common/,
    ],
    [
      'a condition and its opposite',
      { flags: [rules({ all: [is('a', 'x'), { not: is('a', 'x', 'y') }] })] },
      'condition-contradictory',
      'rules[0].when',
      /opposite/,
    ],
    [
      'bounds that leave no number',
      { flags: [rules({ all: [number('n', 'lessThan', 5), number('n', 'atLeast', 5)] })] },
      'condition-contradictory',
      'rules[0].when',
      /no number for "n"/,
    ],
    [
      'absence with a value',
      { flags: [rules({ all: [{ attribute: 'a', operator: 'absent', values: [] }, is('a', 'x')] })] },
      'condition-contradictory',
      'rules[0].when',
      /absent/,
    ],
    [
      'buckets without an owner',
      { flags: [flag({ defaultRule: { split: { ranges: [{ variant: 'on', from: 0, to: 99_000 }] } } })] },
      'split-incomplete',
      'defaultRule.split.ranges',
      /1 %/,
    ],
    [
      'an unknown segment',
      { flags: [rules({ not: { segment: 's' } })] },
      'unknown-reference',
      'rules[0].when.not.segment',
      /"s"/,
    ],
    [
      'an unknown layer',
      { flags: [flag({ defaultRule: { split: { layer: 'l', ranges: [] } } })] },
      'unknown-reference',
      'defaultRule.split.layer',
      /"l"/,
    ],
    ['an unknown holdout', { flags: [flag({ holdouts: ['h'] })] }, 'unknown-reference', 'holdouts[0]', /"h"/],
    [
      'an unknown parent',
      { flags: [flag({ prerequisites: [{ flag: 'p', state: 'on' }] })] },
      'unknown-reference',
      'prerequisites[0].flag',
      /"p"/,
    ],
    [
      'a layer without a claim',
      { flags: [flag({ defaultRule: { split: { layer: 'l', ranges: [] } } })], layers: [{ key: 'l', claims: [] }] },
      'layer-unclaimed',
      'defaultRule.split.layer',
      /claim/,
    ],
    [
      'a claim of an unknown flag',
      { layers: [{ key: 'l', claims: [{ flag: 'x', from: 0, to: 1 }] }] },
      'unknown-reference',
      'claims[0].flag',
      /"x"/,
    ],
    [
      'a parent that is off',
      { flags: [flag({ prerequisites: [{ flag: 'p', state: 'on' }] }), flag({ key: 'p', enabled: false })] },
      'prerequisite-impossible',
      'prerequisites[0]',
      /switched off/,
    ],
    [
      'a variant that the parent never serves',
      { flags: [flag({ prerequisites: [{ flag: 'p', variants: ['blue'] }] }), flag({ key: 'p' })] },
      'prerequisite-impossible',
      'prerequisites[0]',
      /can only serve off, on/,
    ],
    [
      'a value that the parent never serves',
      { flags: [flag({ prerequisites: [{ flag: 'p', values: ['true'] }] }), flag({ key: 'p' })] },
      'prerequisite-impossible',
      'prerequisites[0]',
      /never serves/,
    ],
    [
      'a cycle of prerequisites',
      {
        flags: [
          flag({ prerequisites: [{ flag: 'p', state: 'on' }] }),
          flag({ key: 'p', prerequisites: [{ flag: 'f', state: 'on' }] }),
        ],
      },
      'cycle',
      'prerequisites',
      /stays off/,
    ],
    [
      'a cycle of segments',
      {
        segments: [
          { key: 's', when: { segment: 't' } },
          { key: 't', when: { segment: 's' } },
        ],
      },
      'cycle',
      'when',
      /unknown/,
    ],
    [
      'keys both in and out',
      { segments: [{ key: 's', included: 'a\nb', excluded: ['b'] }] },
      'segment-overlap',
      'excluded',
      /1 keys.*\(b\)/,
    ],
    [
      'a key on pages that is included and excluded',
      {
        segments: [{ key: 's', included: { pages: 1 }, excluded: ['b'] }],
        keyPages: [{ key: 's/included/0', keys: ['a', 'b'] }],
      },
      'segment-overlap',
      'excluded',
      /1 keys.*\(b\)/,
    ],
    [
      'pages that are not there',
      { segments: [{ key: 's', included: { pages: 2 } }], keyPages: [{ key: 's/included/1', keys: [] }] },
      'unknown-reference',
      'included.pages',
      /lacks 1 of its 2 pages \(s\/included\/0\)/,
    ],
    [
      'a key on another page than its own',
      {
        segments: [{ key: 's', excluded: { pages: 2 } }],
        keyPages: [0, 1].map((page) => ({ key: `s/excluded/${page}`, keys: ['a'] })),
      },
      'key-misplaced',
      'excluded.pages',
      /1 keys .* never found/,
    ],
    [
      'a number of pages that is no power of 2',
      { segments: [{ key: 's', included: { pages: 3 } }] },
      'malformed',
      'included.pages',
      /power of 2/,
    ],
  ])('%s', (_name, over, code, path, message) => {
    expect(findings(over)).toContainEqual(
      expect.objectContaining({ code, path, message: expect.stringMatching(message) }),
    );
  });

  test('an attribute that is perhaps misspelt', () => {
    const flags = [rules(is('country', 'DE'), is('country', 'FR'), is('contry', 'US'), is('plan', 'pro'))];
    const once = analyse({ revision, flags });
    expect(once).toContainEqual(
      expect.objectContaining({
        severity: 'warning',
        path: 'rules[2].when.attribute',
        message: expect.stringContaining('was "country" meant'),
      }),
    );
    expect(once).toContainEqual(expect.objectContaining({ severity: 'info', path: 'rules[3].when.attribute' }));
    expect(once).toHaveLength(2);
  });

  test('nothing about a rule in a layer that lets others pass', () => {
    const serve = { split: { layer: 'l', ranges: [{ variant: 'on', from: 0, to: 100_000 }] } };
    const twice = flag({
      rules: [
        { id: 'a', when: { all: [] }, serve },
        { id: 'b', when: is('x', 'y'), serve: { variant: 'on' } },
      ],
    });
    const layers = [{ key: 'l', claims: [{ flag: 'f', from: 0, to: 10 }] }];
    expect(findings({ flags: [twice], layers }).map(({ code }) => code)).toEqual(['rule-always-matches']);
  });
});

describe('analyse is never wrong', () => {
  test('no context reaches an unreachable rule or makes a contradictory condition true', () => {
    fc.assert(
      fc.property(ruleset, fc.array(context, { minLength: 1, maxLength: 8 }), moment, (documents, contexts, nowMs) => {
        const compiled = compile({ ...documents, kills: [] });
        const dead = analyse(documents).filter(
          ({ code }) => code === 'rule-unreachable' || code === 'condition-contradictory',
        );
        for (const { kind, key, path } of dead) {
          const index = /^rules\[(\d+)\]/.exec(path)?.[1];
          if (kind !== 'flag' || index === undefined) continue;
          for (const subject of contexts) {
            for (const step of explain(compiled, key, subject, nowMs).steps) {
              if (step.step === 'rule' && step.id === `r${index}`) expect(step.condition.truth).not.toBe('true');
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('what a condition implies is true whenever it is', () => {
    const always: Flag['defaultRule'] = { variant: 'off' };
    fc.assert(
      fc.property(condition, condition, context, moment, fc.nat(2), (first, second, subject, nowMs, shape) => {
        // Unrelated conditions seldom imply each other; built from each other they do.
        const wider: Condition =
          shape === 0 ? second : shape === 1 ? { any: [second, first] } : { all: [first, { all: [] }] };
        const narrower: Condition = shape === 2 ? { all: [second, first] } : first;
        if (!implies(narrower, wider)) return;
        const when = (test: Condition) =>
          flag({ rules: [{ id: 'r', when: test, serve: { variant: 'on' } }], defaultRule: always });
        const matches = (test: Condition) =>
          compile({ revision, flags: [when(test)] }).evaluate('f', subject, nowMs).variant === 'on';
        if (matches(narrower)) expect(matches(wider)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('it never throws', () => {
    fc.assert(
      fc.property(
        fc.array(fc.anything()),
        (documents) => void analyse({ revision, flags: documents as never, segments: documents as never }),
      ),
    );
  });
});

describe('findPrerequisiteCycle', () => {
  const needs = (key: string, ...parents: string[]) =>
    flag({ key, prerequisites: parents.map((parent) => ({ flag: parent, state: 'on' })) });

  test('names the way around, from the flag to itself', () => {
    const flags = new Map(
      [needs('a', 'x', 'b'), needs('b', 'c'), needs('c', 'd', 'a'), needs('x')].map((one) => [one.key, one]),
    );
    expect(findPrerequisiteCycle(needs('a', 'x', 'b'), (key) => flags.get(key))).toEqual(['a', 'b', 'c', 'a']);
    expect(findPrerequisiteCycle(needs('a', 'a'), () => undefined)).toEqual(['a', 'a']);
    expect(findPrerequisiteCycle(needs('q', 'x', 'gone'), (key) => flags.get(key))).toBeUndefined();
  });

  test('ends also when the cycle does not go through the flag', () => {
    const flags = new Map([needs('b', 'c'), needs('c', 'b')].map((one) => [one.key, one]));
    expect(findPrerequisiteCycle(needs('a', 'b'), (key) => flags.get(key))).toBeUndefined();
  });
});
