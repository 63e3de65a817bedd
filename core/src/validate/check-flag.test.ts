import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkFlag } from './check-flag.ts';
import { checkSegment } from './check-shared.ts';

const good = {
  key: 'f',
  type: 'boolean',
  variants: [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ],
  enabled: true,
  offVariant: 'off',
  rules: [
    {
      id: 'r1',
      when: { all: [{ attribute: 'country', operator: 'in', values: ['DE'] }] },
      serve: { split: { ranges: [{ variant: 'on', from: 0, to: 50_000 }] } },
    },
  ],
  defaultRule: { variant: 'on' },
};

const rule = good.rules[0];

describe('checkFlag', () => {
  test('finds nothing wrong with a good flag', () => {
    expect(checkFlag(good)).toEqual([]);
  });

  test('says of a document that is wrong all over what is wrong first, and looks no further', () => {
    // As many as took minutes when all were said.
    const problems = checkSegment({ key: 's', included: Array<string>(200_000).fill('') });
    expect(problems).toHaveLength(100);
    expect(problems[99]?.path).toBe('included[99]');
  });

  test('lets fields of a newer server pass', () => {
    expect(checkFlag({ ...good, future: 1, rules: [{ ...rule, colour: 'red' }] })).toEqual([]);
  });

  test.each<[string, unknown, string, RegExp]>([
    ['no object', null, '', /must be an object/],
    ['a missing type', { ...good, type: undefined }, 'type', /missing/],
    ['an unknown type', { ...good, type: 'bool' }, 'type', /one of boolean, string, number, object; is "bool"/],
    ['no variants', { ...good, variants: [] }, 'variants', /at least 1/],
    [
      'a value of another type',
      { ...good, variants: [{ name: 'on', value: 'true' }, good.variants[1]] },
      'variants[0].value',
      /boolean/,
    ],
    [
      'two variants of one name',
      { ...good, variants: [...good.variants, good.variants[0]] },
      'variants[2].name',
      /repeats/,
    ],
    [
      'an unknown off variant',
      { ...good, offVariant: 'of' },
      'offVariant',
      /one of the flag's variants \(on, off\); is "of"/,
    ],
    ['an unknown default variant', { ...good, defaultRule: { variant: 'x' } }, 'defaultRule.variant', /variants/],
    ['an unknown serve', { ...good, defaultRule: { lottery: {} } }, 'defaultRule', /no serve that this version knows/],
    ['an ambiguous serve', { ...good, defaultRule: { variant: 'on', split: {} } }, 'defaultRule', /only one of/],
    [
      'an unknown operator',
      { ...good, rules: [{ ...rule, when: { attribute: 'a', operator: 'sounds-like', values: ['x'] } }] },
      'rules[0].when.operator',
      /must be one of/,
    ],
    ['an unknown condition', { ...good, rules: [{ ...rule, when: { xor: [] } }] }, 'rules[0].when', /no condition/],
    [
      'a nested mistake',
      {
        ...good,
        rules: [{ ...rule, when: { all: [{ any: [{ not: { attribute: '', operator: 'in', values: ['x'] } }] }] } }],
      },
      'rules[0].when.all[0].any[0].not.attribute',
      /characters/,
    ],
    ['two rules of one id', { ...good, rules: [rule, rule] }, 'rules[1].id', /repeats/],
    [
      'ranges that overlap',
      {
        ...good,
        defaultRule: {
          split: {
            ranges: [
              { variant: 'on', from: 50, to: 100 },
              { variant: 'off', from: 0, to: 51 },
            ],
          },
        },
      },
      'defaultRule.split.ranges[0]',
      /overlaps the range 0 to 51/,
    ],
    [
      'a range beyond the buckets',
      { ...good, defaultRule: { split: { ranges: [{ variant: 'on', from: 0, to: 100_001 }] } } },
      'defaultRule.split.ranges[0].to',
      /integer from 0 to 100000/,
    ],
    [
      'an unknown bucketer',
      { ...good, defaultRule: { split: { bucketer: 'sha1', ranges: [] } } },
      'defaultRule.split.bucketer',
      /no bucketer/,
    ],
  ])('finds %s', (_name, document, path, message) => {
    const problems = checkFlag(document);
    expect(problems).toContainEqual({ path, message: expect.stringMatching(message) });
  });

  test('refuses conditions nested without end instead of running out of stack', () => {
    let when: unknown = { all: [] };
    for (let i = 0; i < 100_000; i++) when = { not: when };
    expect(checkFlag({ ...good, rules: [{ ...rule, when }] })[0]?.message).toMatch(/nested too deeply/);
  });

  test('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (document) => {
          checkFlag(document);
          checkFlag({ ...good, rules: [{ ...rule, when: document }], defaultRule: document });
        },
      ),
    );
    const hostile = new Proxy(good, {
      get: () => {
        throw new Error('no');
      },
    });
    expect(checkFlag(hostile)[0]?.message).toMatch(/cannot be read: no/);
  });
});
