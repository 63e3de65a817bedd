import { Type } from '@sinclair/typebox';
import { ActorSchema } from '../audit/schemas.ts';
import { Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { Moment } from '../http/moment.ts';
import { PageQuery } from '../http/page.ts';
import { ACTIONS, RESULTS } from './intervention.ts';

const strict = { additionalProperties: false };
const Text = Type.String();

const CauseSchema = Type.Object(
  {
    kind: oneOf('signal', 'safeguard', 'drill'),
    id: Type.String({ description: 'Of the binding or safeguard' }),
    name: Text,
    summary: Text,
    episode: Type.Optional(Text),
    firstBadAt: Type.Optional(Timestamp),
    detectedAt: Type.Optional(Timestamp),
    receivedAt: Type.Optional(Timestamp),
    evidence: Type.Optional(Type.Unknown()),
    link: Type.Optional(Text),
  },
  strict,
);

export const InterventionSchema = Type.Object(
  {
    id: Type.String({ description: 'Of its audit event, too' }),
    at: Timestamp,
    by: ActorSchema,
    environment: Key,
    flag: Key,
    action: oneOf(...ACTIONS),
    mode: oneOf('armed', 'dry_run'),
    result: oneOf(...RESULTS),
    reason: Text,
    killEpoch: Type.Optional(Type.Integer({ description: 'Of the kill that is in force' })),
    cause: CauseSchema,
  },
  { $id: 'Intervention', ...strict, description: 'What a signal or a safeguard asked for, and what became of it' },
);

export const InterventionQuery = Type.Object(
  {
    ...PageQuery,
    environment: Type.Optional(Key),
    flag: Type.Optional(Key),
    result: Type.Optional(oneOf(...RESULTS)),
    by: Type.Optional(Type.String({ maxLength: 100, description: 'Id of the source or safeguard' })),
    from: Type.Optional(Moment('Those at or after this moment')),
    until: Type.Optional(Moment('Those before this moment')),
  },
  strict,
);
