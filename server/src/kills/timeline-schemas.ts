import { Type } from '@sinclair/typebox';
import { ActorSchema } from '../audit/schemas.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import { Key, Timestamp } from '../http/key-schema.ts';
import { PageQuery } from '../http/page.ts';
import { Reason } from './kill-record.ts';

const Name = Type.Union([Type.String(), Type.Null()]);
const Milliseconds = Type.Union([Type.Number(), Type.Null()]);
const moment = (description: string) => Type.Union([Timestamp, Type.Null()], { description });

const CauseSchema = Type.Object(
  {
    kind: Type.String({ description: 'signal, safeguard or drill' }),
    id: Type.String({ description: 'Of the binding or safeguard' }),
    name: Type.String(),
    episode: Name,
    summary: Type.String(),
    link: Name,
  },
  { additionalProperties: false },
);

const ReachSchema = Type.Object(
  {
    instances: Type.Integer({ description: 'Connected with a server key, over all servers' }),
    confirmed: Type.Integer({ description: 'That answer by it' }),
    pending: Type.Integer({ description: 'That do not' }),
    unknown: Type.Integer({ description: 'Lost without a goodbye a short while before: they may still be running' }),
    firstMs: Milliseconds,
    p50Ms: Milliseconds,
    p90Ms: Milliseconds,
    p99Ms: Milliseconds,
    lastMs: Milliseconds,
    stragglers: Type.Array(
      Type.Object({ id: Type.String(), app: Name, host: Name, version: Name }, { additionalProperties: false }),
      { description: 'Some of the pending instances, by name' },
    ),
    incomplete: Type.Array(Type.String(), { description: 'Servers that did not answer' }),
  },
  {
    additionalProperties: false,
    description: 'Times are from the first push to the receipt, of instances that were connected then',
  },
);

/** The time to kill, step by step. */
export const KillTimelineSchema = Type.Object(
  {
    flag: Key,
    epoch: Type.Integer(),
    by: ActorSchema,
    reason: Reason,
    cause: Type.Union([CauseSchema, Type.Null()], { description: 'null: a person or program asked for it' }),
    firstBadAt: moment('When it began to be bad, as far as the cause knows'),
    detectedAt: moment('When the source decided that it is bad'),
    receivedAt: moment('When a server heard of it'),
    engagedAt: Timestamp,
    journalledAt: moment('When the disk of that server had it; null: not before it was pushed'),
    pushedAt: moment('When it was handed to the connections'),
    committedAt: moment('When the database had it'),
    receipts: Type.Union([ReachSchema, Type.Null()], { description: 'null: not counted yet, or never' }),
    receivedToLastMs: Type.Union([Type.Number(), Type.Null()], { description: 'From receivedAt to the last receipt' }),
    firstBadToLastMs: Type.Union([Type.Number(), Type.Null()], { description: 'From firstBadAt to the last receipt' }),
    complete: Type.Boolean({ description: 'True: nothing more is waited for' }),
  },
  {
    $id: 'KillTimeline',
    additionalProperties: false,
    description: 'Moments are by the clock of the server that killed, but for the first two: those are by the source',
  },
);

export const TimelineParams = Type.Object(
  { ...EnvironmentParams.properties, flag: Key, epoch: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) },
  { additionalProperties: false },
);

export const TimelineQuery = Type.Object({ ...PageQuery, flag: Type.Optional(Key) }, { additionalProperties: false });
