import { Type } from '@sinclair/typebox';
import { Timestamp } from '../http/key-schema.ts';

/** How it stands with one variant of one flag, as the answering server sees it. */
export const WatchedSchema = Type.Object(
  {
    flag: Type.Union([Type.String(), Type.Null()], { description: 'Null: none yet, of all that would be watched' }),
    variant: Type.Union([Type.String(), Type.Null()], { description: 'Null: nothing was measured yet' }),
    rule: Type.Union([Type.String(), Type.Null()], {
      description: 'Whose split is looked at; empty: the default rule; null: whatever serves the variant',
    }),
    silence: Type.Union([Type.String(), Type.Null()], { description: 'Why it says nothing at the moment' }),
    dueShare: Type.Optional(
      Type.Number({ description: 'Of sample_ratio: what share of subjects the split should give the variant' }),
    ),
    logE: Type.Union([Type.Number(), Type.Null()], { description: 'ln of the evidence so far; 0 is none' }),
    threshold: Type.Union([Type.Number(), Type.Null()], { description: 'At this logE or more it fails' }),
    detectable: Type.Union(
      [
        Type.Object(
          {
            rate: Type.Number({ description: 'The share of bad ones, 0 to 1' }),
            ratio: Type.Number({ description: 'So many times what it is without harm' }),
            withinMinutes: Type.Integer(),
          },
          { additionalProperties: false },
        ),
        Type.Null(),
      ],
      {
        description:
          'The least harm that it sees, typically, within this time of the traffic that it has had; null: none whatever, or ' +
          'nothing is known of the traffic yet',
      },
    ),
    failedAt: Type.Union([Timestamp, Type.Null()], { description: 'While it rests after a verdict' }),
  },
  { additionalProperties: false },
);

const ArmSchema = Type.Object({ count: Type.Number(), bad: Type.Number() }, { additionalProperties: false });

export const PointSchema = Type.Object(
  {
    from: Timestamp,
    to: Timestamp,
    candidate: ArmSchema,
    baseline: Type.Optional(ArmSchema),
    placebo: Type.Optional(
      Type.Object(
        { low: Type.Number(), high: Type.Number() },
        {
          additionalProperties: false,
          description: 'Between what shares of bad ones groups of the baseline lie that are as large as the candidate',
        },
      ),
    ),
    logE: Type.Optional(Type.Number({ description: 'After this step' })),
  },
  { additionalProperties: false },
);

export const StateSchema = Type.Object(
  {
    server: Type.String({ description: 'Each server judges on its own, from the counts of all' }),
    states: Type.Array(
      Type.Object(
        { ...WatchedSchema.properties, points: Type.Array(PointSchema, { description: 'Oldest first' }) },
        { additionalProperties: false },
      ),
    ),
  },
  { $id: 'SafeguardState', additionalProperties: false },
);
