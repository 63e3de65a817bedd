import fc from 'fast-check';
import {
  BUCKET_COUNT,
  type BucketRange,
  type Comparison,
  type Condition,
  type EvaluationContext,
  type Flag,
  type Holdout,
  type Layer,
  type Prerequisite,
  type Ruleset,
  type Segment,
  type Serve,
  type Split,
} from './model.ts';

/** Random rulesets over a small vocabulary, so that references, matches and conflicts of every kind are common. */

export const FLAG_KEYS = ['f0', 'f1', 'f2', 'f3', 'f4'] as const;
const SEGMENT_KEYS = ['s0', 's1', 's2'] as const;
const LAYER_KEYS = ['l0', 'l1'] as const;
const HOLDOUT_KEYS = ['h0'] as const;
const VARIANTS = ['a', 'b', 'c'] as const;

/** A few of the references lead nowhere. */
const flagKey = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...FLAG_KEYS) },
  { weight: 1, arbitrary: fc.constant('x') },
);
const segmentKey = fc.constantFrom(...SEGMENT_KEYS, 'missing');
const path = fc.constantFrom('targetingKey', 'country', 'org.plan', 'org', 'age', 'version', 'ip', 'roles', 'at', 'no');
const subject = fc.constantFrom('u1', 'u2', 'u3', 'u4', 'ü5', '6');
const variant = fc.constantFrom(...VARIANTS);

const START_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
export const moment = fc.integer({ min: -3, max: 12 }).map((days) => START_MS + days * DAY_MS);

const VALUES: Readonly<Record<Comparison['operator'], fc.Arbitrary<readonly (string | number | boolean)[]>>> = {
  in: fc.array(fc.constantFrom<string | number | boolean>('DE', 'fr', 'u1', 'pro', 'admin', 18, true), {
    minLength: 1,
    maxLength: 6,
  }),
  startsWith: fc.array(fc.constantFrom('u', 'D', 'a', '1.'), { minLength: 1, maxLength: 2 }),
  endsWith: fc.array(fc.constantFrom('1', 'E', 'n', 'R'), { minLength: 1, maxLength: 2 }),
  contains: fc.array(fc.constantFrom('u', 'e', '.'), { minLength: 1, maxLength: 2 }),
  matches: fc.constantFrom(['^u[12]$'], ['D.'], ['a|b', '^p']),
  lessThan: fc.constantFrom([18], [0]),
  atMost: fc.constantFrom([18]),
  greaterThan: fc.constantFrom([18], [-1]),
  atLeast: fc.constantFrom([18]),
  semver: fc.constantFrom(['^1.2'], ['~1.2.3', '>=2'], ['<2.0.0']),
  before: fc.constantFrom(['2026-01-03T00:00:00Z'], ['now'], ['now-2d']),
  after: fc.constantFrom(['2026-01-03T00:00:00Z'], ['now+1d']),
  inCidr: fc.constantFrom(['10.0.0.0/8'], ['2001:db8::/32', '0.0.0.0/0']),
  present: fc.constant([]),
  absent: fc.constant([]),
};

const comparison: fc.Arbitrary<Comparison> = fc
  .constantFrom(...(Object.keys(VALUES) as Comparison['operator'][]))
  .chain((operator) =>
    fc.record(
      {
        attribute: path,
        operator: fc.constant(operator),
        values: VALUES[operator],
        ignoreCase: fc.boolean(),
        ...(operator === 'present' || operator === 'absent'
          ? {}
          : { elements: fc.constantFrom('any' as const, 'all' as const) }),
      },
      { requiredKeys: ['attribute', 'operator', 'values'] },
    ),
  );

const during = fc.constantFrom(
  { from: '2026-01-02T00:00:00Z' },
  { until: '2026-01-05T00:00:00Z' },
  { from: '2026-01-02T00:00:00Z', until: '2026-01-04T00:00:00Z' },
);

export const condition: fc.Arbitrary<Condition> = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 5, arbitrary: comparison },
    { weight: 2, arbitrary: segmentKey.map((segment) => ({ segment })) },
    { weight: 1, arbitrary: during.map((window) => ({ during: window })) },
    { weight: 2, arbitrary: fc.array(tie('tree'), { maxLength: 3 }).map((all) => ({ all })) },
    { weight: 2, arbitrary: fc.array(tie('tree'), { maxLength: 3 }).map((any) => ({ any })) },
    { weight: 2, arbitrary: tie('tree').map((not) => ({ not })) },
  ),
})).tree;

/** Disjoint ranges in ascending order, with gaps. */
function ranges(owners: readonly string[]): fc.Arbitrary<BucketRange[]> {
  return fc
    .uniqueArray(fc.integer({ min: 0, max: BUCKET_COUNT }), {
      minLength: owners.length + 1,
      maxLength: owners.length + 1,
    })
    .map((cuts) => {
      const sorted = [...cuts].sort((x, y) => x - y);
      return owners.map((owner, i) => ({ variant: owner, from: sorted[i] ?? 0, to: sorted[i + 1] ?? 0 }));
    });
}

const split: fc.Arbitrary<Split> = fc.subarray([...VARIANTS]).chain((owners) =>
  fc.record(
    {
      by: fc.constantFrom('targetingKey', 'org.plan', 'age'),
      seed: fc.constantFrom('', 'seed'),
      layer: fc.constantFrom(...LAYER_KEYS, 'missing'),
      ranges: ranges(owners),
      schedule: fc.tuple(ranges(owners), ranges(owners), fc.boolean()).map(([first, second, linear]) => [
        { atMs: START_MS, ranges: first },
        { atMs: START_MS + 7 * DAY_MS, ranges: second, ...(linear ? { linear } : {}) },
      ]),
      lease: fc.record({ variant, fallback: variant, seconds: fc.integer({ min: 1, max: 100 }) }),
      held: ranges(owners).map((later) => ({
        atMs: START_MS,
        schedule: [{ atMs: START_MS + 3 * DAY_MS, ranges: later }],
        causes: [{ id: 'person', by: 'Ada', reason: 'errors', atMs: START_MS }],
      })),
    },
    { requiredKeys: ['ranges'] },
  ),
);

const serve: fc.Arbitrary<Serve> = fc.oneof(
  variant.map((name) => ({ variant: name })),
  split.map((value) => ({ split: value })),
);

const prerequisite: fc.Arbitrary<Prerequisite> = fc
  .tuple(
    flagKey,
    fc.constantFrom<Omit<Prerequisite, 'flag'>>(
      { state: 'on' },
      { state: 'off' },
      { variants: ['a', 'b'] },
      { values: [2, 3] },
    ),
  )
  .map(([flag, wanted]) => ({ flag, ...wanted }));

function flag(key: string): fc.Arbitrary<Flag> {
  return fc
    .record(
      {
        enabled: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
        bucketKey: fc.constant('bucket'),
        safeVariant: fc.constant('safe'),
        prerequisites: fc.array(
          prerequisite.filter((wanted) => wanted.flag !== key),
          { maxLength: 2 },
        ),
        targets: fc.array(
          fc.record(
            {
              attribute: fc.constantFrom('country', 'targetingKey'),
              values: fc.array(subject, { maxLength: 2 }),
              variant,
            },
            { requiredKeys: ['values', 'variant'] },
          ),
          { maxLength: 2 },
        ),
        holdouts: fc.subarray([...HOLDOUT_KEYS, 'missing']),
        rules: fc.array(fc.record({ when: condition, serve }), { maxLength: 4 }),
        defaultRule: serve,
        floor: fc.constantFrom('1.3', '2.0.0-beta'),
      },
      { requiredKeys: ['enabled', 'defaultRule'] },
    )
    .map(({ rules, floor, ...rest }) => ({
      key,
      type: 'number' as const,
      variants: [
        { name: 'a', value: 1 },
        { name: 'b', value: 2, ...(floor === undefined ? {} : { requires: { attribute: 'version', atLeast: floor } }) },
        { name: 'c', value: 3 },
        { name: 'off', value: 0 },
        { name: 'safe', value: -1 },
      ],
      offVariant: 'off',
      ...(rules === undefined ? {} : { rules: rules.map((rule, i) => ({ id: `r${i}`, ...rule })) }),
      ...rest,
    }));
}

function segment(key: string): fc.Arbitrary<Segment> {
  const keys = fc.oneof(
    fc.array(subject, { maxLength: 3 }),
    fc.array(subject, { maxLength: 3 }).map((list) => list.join('\n')),
  );
  return fc.record(
    {
      key: fc.constant(key),
      by: fc.constantFrom('targetingKey', 'country'),
      included: keys,
      excluded: keys,
      when: condition,
    },
    { requiredKeys: ['key'] },
  );
}

function layer(key: string): fc.Arbitrary<Layer> {
  return fc.record(
    {
      key: fc.constant(key),
      by: fc.constantFrom('targetingKey', 'country'),
      claims: ranges(FLAG_KEYS).map((all) => all.map(({ variant: owner, from, to }) => ({ flag: owner, from, to }))),
    },
    { requiredKeys: ['key', 'claims'] },
  );
}

const holdout: fc.Arbitrary<Holdout> = fc.record({
  key: fc.constant('h0'),
  sizePer100k: fc.constantFrom(0, 30_000, 100_000),
});

const kills = fc.array(fc.record({ flag: fc.constantFrom(...FLAG_KEYS), epoch: fc.nat(3), engaged: fc.boolean() }), {
  maxLength: 2,
});

export const ruleset: fc.Arbitrary<Ruleset> = fc.record({
  revision: fc.constant({ incarnation: 'i', number: 1, hash: 'h' }),
  flags: fc.tuple(...FLAG_KEYS.map(flag)),
  segments: fc.tuple(...SEGMENT_KEYS.map(segment)),
  layers: fc.tuple(...LAYER_KEYS.map(layer)),
  holdouts: fc.tuple(holdout),
  kills,
});

/** Contexts with every kind of value an attribute may have, usual and not. */
export const context: fc.Arbitrary<EvaluationContext> = fc.record(
  {
    targetingKey: fc.oneof(
      { weight: 8, arbitrary: subject },
      { weight: 1, arbitrary: fc.constantFrom('', 6, 1.5, null) },
    ) as fc.Arbitrary<string>,
    country: fc.constantFrom('DE', 'de', 'FR', 'u1', 5, null),
    org: fc.constantFrom<unknown>({ plan: 'pro' }, { plan: 7 }, 'text', null, ['plan']),
    age: fc.constantFrom<unknown>(17, 18, 18.5, '18', Number.NaN, 18n),
    version: fc.constantFrom('1.2.3', '1.3.0-rc.1', '2.0.0', 'v1.10', 'latest', 2),
    ip: fc.constantFrom('10.1.2.3', '::ffff:10.1.2.3', '2001:db8::1', '192.168.0.1', 'localhost'),
    roles: fc.constantFrom<unknown>(['admin'], ['u1', 'pro'], [], [5, 'DE'], 'admin'),
    at: fc.constantFrom<unknown>(
      '2026-01-01T00:00:00Z',
      '2026-01-06T12:00:00+02:00',
      START_MS,
      new Date(START_MS),
      'soon',
    ),
  },
  { requiredKeys: [], noNullPrototype: true },
);
