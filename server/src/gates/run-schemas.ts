import { type Static, Type } from '@sinclair/typebox';
import { Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { refTo } from '../http/ref.ts';
import { flagFields, PointsOfNoReturn, specFields } from '../releases/spec-schemas.ts';
import { GateSchema } from './schemas.ts';

const closed = { additionalProperties: false } as const;

const Verdict = oneOf('pending', 'running', 'successful', 'failed', 'error', 'inconclusive');
const Side = Type.Object({ count: Type.Number(), bad: Type.Number() }, closed);
const MeasurementKind = oneOf('data', 'no_data', 'error', 'gap');

/** How a gate of a stage stands, or stood. */
const run = {
  id: Type.String(),
  attempt: Type.Integer(),
  stage: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Index; null: watched while the release goes forward',
  }),
  gate: refTo(GateSchema),
  enteredAt: Timestamp,
  verdict: Verdict,
  reason: Type.String(),
  since: Timestamp,
  asks: Type.Unsafe<'go' | 'hold' | 'pause' | 'abort' | 'rollback'>(
    Type.Union(
      (['go', 'hold', 'pause', 'abort', 'rollback'] as const).map((word) => Type.Literal(word)),
      { description: 'What follows from the verdict while there is time; of a dry run only told' },
    ),
  ),
  measured: Type.Integer({ description: 'Looks with data' }),
  silent: Type.Integer({ description: 'Looks that had none, and gaps' }),
  errors: Type.Integer({ description: 'Looks that could not be made' }),
  recoveries: Type.Integer({ description: 'How often it failed and recovered' }),
  updatedAt: Timestamp,
};

export const GateRunSchema = Type.Object(run, { ...closed, $id: 'GateRun' });

const Point = Type.Object(
  {
    from: Timestamp,
    to: Timestamp,
    kind: MeasurementKind,
    verdict: Type.Unsafe<Static<typeof Verdict>>({ ...Verdict, description: 'After it' }),
    reason: Type.Optional(Type.String({ description: 'Why there are no data' })),
    candidate: Type.Optional(Side),
    baseline: Type.Optional(Side),
    placebo: Type.Optional(
      Type.Object(
        { low: Type.Number(), high: Type.Number() },
        {
          ...closed,
          description: 'Shares of bad ones of groups of the baseline as large as the candidate: nothing changes there',
        },
      ),
    ),
    logE: Type.Optional(Type.Number({ description: 'Natural logarithm of the evidence of harm' })),
    value: Type.Optional(Type.Number()),
    baselineValue: Type.Optional(Type.Number()),
  },
  closed,
);

export const GateRunDetailSchema = Type.Object(
  {
    ...run,
    threshold: Type.Union([Type.Number(), Type.Null()], { description: 'At logE of this or more it has failed' }),
    reproduced: Type.Union([Type.Boolean(), Type.Null()], {
      description: 'Judged again from what was stored, it comes to the same; null: not all of that is kept any more',
    }),
    points: Type.Array(Point, { description: 'Oldest first; of long runs several looks are put together' }),
  },
  { ...closed, $id: 'GateRunDetail' },
);

export const GateRunsSchema = Type.Object({ items: Type.Array(refTo(GateRunSchema)) }, { ...closed, $id: 'GateRuns' });

export const GateRunParams = Type.Object(
  { project: Key, release: Type.String({ maxLength: 100 }), run: Type.String({ maxLength: 100 }) },
  closed,
);

export const GateTrial = Type.Object(
  {
    gate: refTo(GateSchema),
    flags: Type.Optional(Type.Array(Type.Object(flagFields, closed), { maxItems: 20 })),
    traffic: specFields.traffic,
    migration: specFields.migration,
  },
  { ...closed, $id: 'GateTrial' },
);

export const GateTrialAnswer = Type.Object(
  {
    verdict: Verdict,
    reason: Type.String(),
    asks: run.asks,
    looks: Type.Array(
      Type.Object(
        {
          from: Timestamp,
          to: Timestamp,
          kind: MeasurementKind,
          reason: Type.Optional(Type.String()),
          data: Type.Optional(Type.Unknown({ description: 'As its kind has them' })),
        },
        closed,
      ),
    ),
  },
  { ...closed, $id: 'GateTrialAnswer' },
);

export const ReleaseLintSchema = Type.Object(
  {
    stages: Type.Array(
      Type.Object(
        {
          stage: Type.Union([Type.Integer(), Type.Null()], { description: 'Index; null: baking' }),
          gates: Type.Array(
            Type.Object(
              {
                gate: Type.String(),
                sees: Type.Union([Type.Object({ ratio: Type.Number(), rate: Type.Number() }, closed), Type.Null()], {
                  description: 'The least harm that will typically have been seen; null: none, or not known',
                }),
                requests: Type.Union([Type.Number(), Type.Null()], {
                  description: 'Of the candidate; null: not known',
                }),
                sentence: Type.String(),
              },
              closed,
            ),
            { description: 'Those that are tests of counts, and those that are watched' },
          ),
          budgetShare: Type.Union([Type.Number(), Type.Null()], {
            description:
              'The part of the error budget of 30 days that may be used up before harm is seen; null: not known',
          }),
        },
        closed,
      ),
    ),
    falseAbortRisk: Type.Union([Type.Number(), Type.Null()], {
      description:
        'The chance that its tests take it back although it does no harm; null, and no stages: it can never work as it is',
    }),
    budgetShare: Type.Number({ description: 'Of all stages, where it is known' }),
    objective: Type.Number({ description: 'The share of good ones that the budget is of' }),
    pointsOfNoReturn: PointsOfNoReturn,
    problems: Type.Array(Type.Object({ path: Type.String(), message: Type.String() }, closed), {
      description: 'Why it would be refused',
    }),
  },
  {
    ...closed,
    $id: 'ReleaseLint',
    description: 'What a release can and cannot see on its way, with the traffic that there is',
  },
);
