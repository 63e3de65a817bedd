import { BUCKET_COUNT } from '@bunting/core';
import { type Static, Type } from '@sinclair/typebox';
import { ActorSchema } from '../audit/schemas.ts';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { Moment } from '../http/moment.ts';
import { PageQuery } from '../http/page.ts';
import { PHASES } from './phase.ts';

const DAY_SECONDS = 86_400;
const Weight = Type.Integer({ minimum: 0, maximum: BUCKET_COUNT, description: "The candidate's share, in 1/100 000" });
const Reason = Type.String({ minLength: 1, maxLength: 1000 });

const flagFields = {
  flag: Key,
  candidate: Type.String({ minLength: 1, maxLength: 100, description: 'The variant that is released' }),
  baseline: Type.String({ minLength: 1, maxLength: 100, description: 'What is served before, and on the way back' }),
  rule: Type.Optional(
    Type.String({ maxLength: 100, description: 'Whose subjects take part; without it: those of the default rule' }),
  ),
};

const StageSchema = Type.Object(
  {
    weightPer100k: Type.Integer({
      minimum: 1,
      maximum: BUCKET_COUNT,
      description: "The candidate's share, in 1/100 000",
    }),
    soakSeconds: Type.Integer({
      minimum: 0,
      maximum: 30 * DAY_SECONDS,
      description: 'How long it is watched at least, from when the exposure was seen',
    }),
    maxSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 90 * DAY_SECONDS,
        description: 'From when on it is late; without it: never',
      }),
    ),
    onLate: Type.Optional(oneOf('hold', 'abort')),
    approvals: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 10, description: 'How many others must approve before the next stage' }),
    ),
  },
  { additionalProperties: false },
);

export const ReleaseInput = Type.Object(
  {
    title: DisplayName,
    environment: Key,
    strategy: oneOf('flag_only'),
    flags: Type.Array(Type.Object(flagFields, { additionalProperties: false }), { minItems: 1, maxItems: 20 }),
    stages: Type.Optional(
      Type.Array(StageSchema, {
        minItems: 1,
        maxItems: 50,
        description: 'Weights rise and end at 100000. Without it: 5, 20, 50 and 100 %, ten minutes each',
      }),
    ),
    bakeSeconds: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 90 * DAY_SECONDS, description: '600 unless given' }),
    ),
    rollbackWindowSeconds: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 365 * DAY_SECONDS, description: 'A week unless given' }),
    ),
  },
  { $id: 'ReleaseInput', additionalProperties: false },
);

const PhaseSchema = oneOf(...PHASES);

export const ReleaseSchema = Type.Object(
  {
    id: Type.String(),
    title: DisplayName,
    environment: Key,
    strategy: oneOf('flag_only'),
    flags: Type.Array(
      Type.Object(
        {
          ...flagFields,
          weightPer100k: Type.Union([Weight, Type.Null()], {
            description: "The candidate's share now; null: something else is served there, or the flag is gone",
          }),
        },
        { additionalProperties: false },
      ),
    ),
    stages: Type.Array(StageSchema),
    bakeSeconds: Type.Integer(),
    rollbackWindowSeconds: Type.Integer(),
    phase: PhaseSchema,
    attempt: Type.Integer(),
    stage: Type.Integer({ description: 'Index of the stage that it is in, or was in last' }),
    enteredAt: Type.Union([Timestamp, Type.Null()], {
      description: 'When the exposure of the stage, or of baking, was seen; moved by pauses',
    }),
    pauses: Type.Array(
      Type.Object(
        {
          cause: oneOf('person', 'drift', 'signal', 'safeguard'),
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
    weightPer100k: Weight,
    facts: Type.Unknown({ description: 'What was seen then: what the decision follows from' }),
  },
  { $id: 'ReleaseDecision', additionalProperties: false },
);

export const ReleaseParams = Type.Object(
  { project: Key, release: Type.String({ maxLength: 100 }) },
  { additionalProperties: false },
);

export const ReleaseQuery = Type.Object(
  { ...PageQuery, environment: Type.Optional(Key), phase: Type.Optional(PhaseSchema) },
  { additionalProperties: false },
);

/** What is to be done with a release. */
export const ReleaseCommand = Type.Union(
  [
    Type.Object(
      { command: oneOf('start', 'cancel', 'resume', 'promote', 'promote_fully', 'retry') },
      { additionalProperties: false },
    ),
    Type.Object({ command: Type.Literal('schedule'), at: Moment('When it starts') }, { additionalProperties: false }),
    Type.Object({ command: oneOf('pause', 'abort', 'rollback'), reason: Reason }, { additionalProperties: false }),
    Type.Object({ command: Type.Literal('set_weight'), weightPer100k: Weight }, { additionalProperties: false }),
  ],
  { $id: 'ReleaseCommand' },
);
export type ReleaseCommandInput = Static<typeof ReleaseCommand>;
