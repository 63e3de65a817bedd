import { type Static, Type } from '@sinclair/typebox';
import { oneOf } from '../http/literals.ts';

/** Which tests there are, as they travel and are stored. */

const Alpha = Type.Number({
  minimum: 1e-9,
  maximum: 0.5,
  description: 'The chance of a false alarm that is accepted: over the whole life of the test, or in each `periodMs`',
});

const MINUTE_MS = 60_000;
const PeriodMs = Type.Optional(
  Type.Integer({
    minimum: MINUTE_MS,
    maximum: 365 * 24 * 60 * MINUTE_MS,
    description:
      'For tests that stand for long: harm is looked for from every moment on, not only from the beginning, so that good ' +
      'months make it no less alert. Then alpha is for each such period: the mean time between false alarms is at least ' +
      'periodMs / alpha',
  }),
);

/** `subjects`: who fails again and again in a window counts once, where that is known; first aid against bursts. */
const Unit = Type.Optional(oneOf('requests', 'subjects'));

const RelativeRiskSpec = Type.Object(
  {
    kind: Type.Literal('relative_risk'),
    alpha: Alpha,
    tolerance: Type.Number({
      minimum: 1,
      maximum: 10,
      description: 'So many times as bad as the baseline is no harm yet',
    }),
    unit: Unit,
    periodMs: PeriodMs,
  },
  {
    additionalProperties: false,
    description: 'Is the candidate bad more often than the baseline? For independent errors',
  },
);

const PlaceboRankSpec = Type.Object(
  {
    kind: Type.Literal('placebo_rank'),
    alpha: Alpha,
    stepMs: Type.Optional(
      Type.Integer({
        minimum: 1_000,
        maximum: MINUTE_MS,
        description: 'Looks are put together to steps of this length; longer than a burst of errors lasts. Else 5 s',
      }),
    ),
    periodMs: PeriodMs,
  },
  {
    additionalProperties: false,
    description:
      'Are the worst groups of subjects those with the candidate? Holds whatever errors come in bursts; needs slices',
  },
);

const LatencySpec = Type.Object(
  {
    kind: Type.Literal('latency'),
    alpha: Alpha,
    thresholdsMs: Type.Array(Type.Number({ exclusiveMinimum: 0 }), { minItems: 1, maxItems: 20 }),
    tolerance: Type.Number({ minimum: 1, maximum: 10, description: 'So many times as often slow is no harm yet' }),
    periodMs: PeriodMs,
  },
  {
    additionalProperties: false,
    description: 'Is the candidate slower than the baseline, at any of these thresholds?',
  },
);

const CeilingSpec = Type.Object(
  {
    kind: Type.Literal('ceiling'),
    alpha: Alpha,
    atMost: Type.Number({ exclusiveMinimum: 0, maximum: 0.9, description: 'The share of bad ones that is allowed' }),
    periodMs: PeriodMs,
  },
  { additionalProperties: false, description: 'Is more of the candidate bad than is allowed, whatever others do?' },
);

const BurnRateSpec = Type.Object(
  {
    kind: Type.Literal('burn_rate'),
    objective: Type.Number({ minimum: 0.5, maximum: 0.999999, description: 'The share of good ones that is promised' }),
    profile: oneOf('release', 'release_slow', 'page', 'ticket'),
  },
  {
    additionalProperties: false,
    description:
      'Is the error budget of 30 days used up too fast? release: 0.5 % in 5 min; release_slow: 0.1 % in 5 min; ' +
      'page: 2 % in 1 h or 5 % in 6 h; ticket: 10 % in 1 d or in 3 d',
  },
);

const SampleRatioSpec = Type.Object(
  {
    kind: Type.Literal('sample_ratio'),
    alpha: Alpha,
    expected: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        description: "The candidate's share of subjects. Safeguards leave it out: theirs is what the split says",
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'Does the split give the candidate the share it should? Counts first exposures of subjects',
  },
);

const CrashSpec = Type.Object(
  {
    kind: Type.Literal('crash'),
    alpha: Alpha,
    atMost: Type.Number({
      exclusiveMinimum: 0,
      maximum: 0.5,
      description: 'The share of bad ones that is no crash, where there is no baseline to compare with',
    }),
    periodMs: PeriodMs,
  },
  { additionalProperties: false, description: 'Is the candidate far worse, within seconds and a few failed requests?' },
);

export const TestSpecSchema = Type.Union(
  [RelativeRiskSpec, PlaceboRankSpec, LatencySpec, CeilingSpec, BurnRateSpec, SampleRatioSpec, CrashSpec],
  { $id: 'TestSpec', description: 'How counts are judged' },
);

/** Those that say whether a candidate is worse. */
export const SequentialSpecSchema = Type.Union(
  [RelativeRiskSpec, PlaceboRankSpec, LatencySpec, CeilingSpec, CrashSpec],
  {
    description: 'How counts are judged',
  },
);

export type TestSpec = Static<typeof TestSpecSchema>;
export type SpecOf<K extends TestSpec['kind']> = Extract<TestSpec, { kind: K }>;
