import { Type } from '@sinclair/typebox';
import { SequentialSpecSchema } from '../../evidence/test-spec.ts';
import { Key } from '../../http/key-schema.ts';
import { closed, common, query } from './common.ts';

const Arm = Type.Object(
  {
    total: query('How often it ran within a step: sum(increase(requests_total{version="$candidate"}[$step]))'),
    bad: query('How often that was bad: sum(increase(requests_total{code=~"5.."}[$step])) or vector(0)'),
  },
  closed,
);

/** Where counts come from. */
const CountsSource = Type.Union(
  [
    Type.Object(
      {
        kind: Type.Literal('flag'),
        flag: Type.Optional(Key),
        path: Type.Optional(
          Type.String({ minLength: 1, maxLength: 100, description: 'Measured code path; run unless given' }),
        ),
        aboveMs: Type.Optional(
          Type.Number({ exclusiveMinimum: 0, description: 'What took longer is bad. Without it: what failed' }),
        ),
        by: Type.Optional(
          Type.Unsafe<'variant' | 'version'>(
            Type.Union([Type.Literal('variant'), Type.Literal('version')], {
              description:
                'What is told apart: the variants of the flag, whose subjects one split drew, or the deploy versions ' +
                'of the release. variant unless given',
            }),
          ),
        ),
      },
      {
        ...closed,
        description: 'What SDKs measured with flags.run of one of the flags of the release; the first unless named',
      },
    ),
    Type.Object(
      {
        kind: Type.Literal('mismatches'),
        flag: Type.Optional(Key),
        path: Type.Optional(
          Type.String({ minLength: 1, maxLength: 100, description: 'read or shadow; read unless given' }),
        ),
      },
      {
        ...closed,
        description:
          'How often old and new differed, of flags.migrate and flags.shadow; of the first flag unless one is named',
      },
    ),
    Type.Object(
      { kind: Type.Literal('traffic') },
      { ...closed, description: "The traffic target's own counters, such as those of a load balancer" },
    ),
    Type.Object(
      {
        kind: Type.Literal('prometheus'),
        source: Key,
        candidate: Arm,
        baseline: Type.Optional(Arm),
      },
      { ...closed, description: 'What queries say of each step' },
    ),
  ],
  { description: 'Where counts come from' },
);

const quiet = {
  minRequests: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000_000,
      description: 'So many of the candidate must have been seen before it can succeed. 100 unless given',
    }),
  ),
  quietSeconds: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 86_400,
      description: 'Without traffic for so long it cannot say: a candidate that is dead has no errors. 60 unless given',
    }),
  ),
};

/** Is the candidate worse? By tests whose false alarms are bounded however often one looks. */
export const SequentialGate = Type.Object(
  {
    kind: Type.Literal('sequential'),
    ...common,
    ...quiet,
    test: SequentialSpecSchema,
    of: CountsSource,
    proves: Type.Optional(
      Type.Object(
        {
          lessThan: Type.Number({
            exclusiveMinimum: 1,
            maximum: 100,
            description: 'So many times as bad as the baseline',
          }),
          beta: Type.Number({
            minimum: 1e-9,
            maximum: 0.5,
            description: 'The chance that is accepted to be wrong in this',
          }),
        },
        {
          ...closed,
          description:
            'It succeeds only, and as soon as, the candidate is proven to be less than so many times as bad. Without it: ' +
            'when enough was seen and nothing speaks against it',
        },
      ),
    ),
  },
  { ...closed, description: 'Fails when it is proven that the candidate is worse' },
);

/** Is the error budget used up too fast? */
export const BurnRateGate = Type.Object(
  {
    kind: Type.Literal('burn_rate'),
    ...common,
    ...quiet,
    objective: Type.Number({ minimum: 0.5, maximum: 0.999999, description: 'The share of good ones that is promised' }),
    profile: Type.Optional(
      Type.Unsafe<'release' | 'release_slow' | 'page' | 'ticket'>(
        Type.Union(
          (['release', 'release_slow', 'page', 'ticket'] as const).map((word) => Type.Literal(word)),
          {
            description:
              'release: 0.5 % of the budget of 30 days in 5 min; release_slow: 0.1 % in 5 min; page: 2 % in 1 h or 5 % in ' +
              '6 h; ticket: 10 % in 1 d or in 3 d. release unless given',
          },
        ),
      ),
    ),
    of: CountsSource,
  },
  { ...closed, description: 'Fails when the candidate uses the error budget up too fast, for long and still' },
);

/** Does the split give the candidate its share? */
export const SampleRatioGate = Type.Object(
  {
    kind: Type.Literal('sample_ratio'),
    ...common,
    ...quiet,
    flag: Type.Optional(Key),
    alpha: Type.Optional(
      Type.Number({ minimum: 1e-9, maximum: 0.5, description: 'The chance of a false alarm. 0.001 unless given' }),
    ),
  },
  {
    ...closed,
    description: 'Fails when the candidate gets another share of subjects than its split says. Of flags with slices',
  },
);
