import { type Static, Type } from '@sinclair/typebox';
import { ActorSchema } from '../audit/schemas.ts';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { Moment } from '../http/moment.ts';
import { PageQuery, SearchQuery } from '../http/page.ts';
import { PHASES } from './phase.ts';
import {
  BakeSeconds,
  ExposureSchema,
  flagFields,
  PhaseOfMigration,
  PointsOfNoReturn,
  RollbackWindowSeconds,
  Share,
  StageInput,
  StageSchema,
  specFields,
} from './spec-schemas.ts';
import { PAUSE_CAUSES } from './state.ts';

const Reason = Type.String({ minLength: 1, maxLength: 1000 });

export const ReleaseInput = Type.Object(
  {
    title: DisplayName,
    environment: Key,
    ...specFields,
    flags: Type.Optional(Type.Array(Type.Object(flagFields, { additionalProperties: false }), { maxItems: 20 })),
    stages: Type.Optional(
      Type.Array(StageInput, {
        minItems: 1,
        maxItems: 50,
        description: 'Shares never fall, and end at 100000. Without it: 5, 20, 50 and 100 %, ten minutes each',
      }),
    ),
    bakeSeconds: Type.Optional(BakeSeconds),
    rollbackWindowSeconds: Type.Optional(RollbackWindowSeconds),
  },
  { $id: 'ReleaseInput', additionalProperties: false },
);

const PhaseSchema = oneOf(...PHASES);

export const ReleaseSchema = Type.Object(
  {
    id: Type.String(),
    title: DisplayName,
    environment: Key,
    ...specFields,
    flags: Type.Array(
      Type.Object(
        {
          ...flagFields,
          weightPer100k: Type.Union([Share, Type.Null()], {
            description: "The candidate's share now; null: something else is served there, or the flag is gone",
          }),
        },
        { additionalProperties: false },
      ),
    ),
    stages: Type.Array(StageSchema),
    bakeSeconds: BakeSeconds,
    rollbackWindowSeconds: RollbackWindowSeconds,
    phase: PhaseSchema,
    attempt: Type.Integer(),
    stage: Type.Integer({ description: 'Index of the stage that it is in, or was in last' }),
    set: Type.Union([ExposureSchema, Type.Null()], {
      description: 'What was set last, or is being set; null: nothing yet',
    }),
    trafficPer100k: Type.Union([Share, Type.Null()], {
      description: 'The share of requests that the candidate version gets, as it was last seen; null: not known',
    }),
    migrationPhase: Type.Union([PhaseOfMigration, Type.Null()], {
      description: 'Where the migration is; null: there is none',
    }),
    pointsOfNoReturn: PointsOfNoReturn,
    enteredAt: Type.Union([Timestamp, Type.Null()], {
      description:
        'When the exposure of the stage, or of baking, was seen; moved by pauses, and by time in which no server looked',
    }),
    pauses: Type.Array(
      Type.Object(
        {
          cause: oneOf(...PAUSE_CAUSES),
          by: Type.String(),
          reason: Type.String(),
          since: Timestamp,
        },
        { additionalProperties: false },
      ),
      { description: 'Why it does not go forward; none: it does' },
    ),
    approvedBy: Type.Array(Type.String(), { description: 'Of the stage; before the start, of the release' }),
    waiting: Type.Array(Type.String(), { description: 'Why it does not go on at the moment, in sentences' }),
    startsAt: Type.Union([Timestamp, Type.Null()]),
    endedAt: Type.Union([Timestamp, Type.Null()]),
    createdBy: ActorSchema,
    version: Type.Integer(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { $id: 'Release', additionalProperties: false },
);

export const ReleaseDecisionSchema = Type.Object(
  {
    id: Type.String(),
    at: Timestamp,
    by: ActorSchema,
    decision: Type.String(),
    phase: PhaseSchema,
    stage: Type.Integer(),
    set: ExposureSchema,
    facts: Type.Unknown({ description: 'What was seen then: what the decision follows from' }),
  },
  { $id: 'ReleaseDecision', additionalProperties: false },
);

export const ReleaseParams = Type.Object(
  { project: Key, release: Type.String({ maxLength: 100 }) },
  { additionalProperties: false },
);

export const ReleaseQuery = Type.Object(
  {
    ...PageQuery,
    ...SearchQuery,
    environment: Type.Optional(Key),
    phase: Type.Optional(PhaseSchema),
    underWay: Type.Optional(
      Type.Boolean({ description: 'Only those that hold what they move, or wait for their time; false: only others' }),
    ),
  },
  { additionalProperties: false },
);

/** What is to be done with a release. */
export const ReleaseCommand = Type.Union(
  [
    Type.Object(
      { command: oneOf('cancel', 'resume', 'promote', 'promote_fully', 'unblock', 'accept') },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        command: Type.Literal('start'),
        supersede: Type.Optional(
          Type.Boolean({
            description: 'Take over from releases that go forward on its targets, with what they have out',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        command: Type.Literal('retry'),
        stage: Type.Optional(
          Type.Integer({
            minimum: 0,
            maximum: 49,
            description: 'Index of one that it had reached; the first unless given',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    Type.Object({ command: Type.Literal('schedule'), at: Moment('When it starts') }, { additionalProperties: false }),
    Type.Object({ command: oneOf('pause', 'abort'), reason: Reason }, { additionalProperties: false }),
    Type.Object(
      {
        command: Type.Literal('rollback'),
        reason: Reason,
        gradual: Type.Optional(
          Type.Object(
            {
              steps: Type.Integer({ minimum: 2, maximum: 100 }),
              everySeconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
            },
            {
              additionalProperties: false,
              description:
                'In equal steps, for a baseline that has grown cold: of traffic where there is any, else of flags',
            },
          ),
        ),
      },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        command: Type.Literal('set_weight'),
        flagsPer100k: Type.Optional(Share),
        trafficPer100k: Type.Optional(Share),
      },
      { additionalProperties: false, minProperties: 2, description: 'Either share, or both, until it is resumed' },
    ),
  ],
  { $id: 'ReleaseCommand' },
);
export type ReleaseCommandInput = Static<typeof ReleaseCommand>;
