import { Type } from '@sinclair/typebox';
import { ActorSchema } from '../audit/schemas.ts';
import { Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PageQuery } from '../http/page.ts';
import { WindowSchema } from '../schedules/schemas.ts';

const strict = { additionalProperties: false };

const settings = {
  everyHours: Type.Union([Type.Integer({ minimum: 1, maximum: 2_160 }), Type.Null()], {
    description: 'How often; null: only by hand',
  }),
  limitMs: Type.Integer({
    minimum: 1,
    maximum: 60_000,
    description: 'Slower, from sending the alert to the last receipt, it is an alarm',
  }),
};

export const FireDrillInput = Type.Object(
  {
    ...settings,
    window: Type.Optional(Type.Intersect([WindowSchema], { description: 'It begins only within' })),
  },
  { $id: 'FireDrillInput', ...strict },
);

export const FireDrillSchema = Type.Object(
  {
    ...settings,
    window: Type.Union([WindowSchema, Type.Null()]),
    nextAt: Type.Union([Timestamp, Type.Null()], { description: 'null: only by hand' }),
    updatedAt: Timestamp,
  },
  { $id: 'FireDrill', ...strict },
);

const Milliseconds = Type.Union([Type.Number(), Type.Null()]);

export const FireDrillRunSchema = Type.Object(
  {
    id: Type.String(),
    startedAt: Timestamp,
    by: ActorSchema,
    outcome: Type.Unsafe<'running' | 'passed' | 'slow' | 'failed'>({
      ...oneOf('running', 'passed', 'slow', 'failed'),
      description: 'slow: everywhere, but later than limitMs',
    }),
    reason: Type.String({ description: 'For people' }),
    epoch: Type.Union([Type.Integer(), Type.Null()], { description: 'Of the kill; its timeline tells more' }),
    sentToLastMs: Type.Unsafe<number | null>({
      ...Milliseconds,
      description: 'From sending the alert to the last receipt; null when nobody was connected',
    }),
    instances: Type.Union([Type.Integer(), Type.Null()]),
    confirmed: Type.Union([Type.Integer(), Type.Null()]),
  },
  { $id: 'FireDrillRun', ...strict },
);

export const FireDrillRunQuery = Type.Object(PageQuery, strict);
