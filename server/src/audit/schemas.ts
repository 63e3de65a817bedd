import { Type } from '@sinclair/typebox';
import { Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PageQuery } from '../http/page.ts';

const Nullable = Type.Union([Type.String(), Type.Null()]);

export const ActorSchema = Type.Object(
  { kind: oneOf('user', 'key', 'system'), id: Type.String(), name: Type.String() },
  { additionalProperties: false },
);

export const AuditEventSchema = Type.Object(
  {
    id: Type.String(),
    at: Timestamp,
    actor: ActorSchema,
    action: Type.String({ description: 'Such as flag.created' }),
    project: Nullable,
    environment: Nullable,
    target: Type.Object({ kind: Type.String(), key: Type.String() }, { additionalProperties: false }),
    before: Type.Unknown({ description: 'null when there was nothing before' }),
    after: Type.Unknown({ description: 'null when nothing is left' }),
    requestId: Nullable,
  },
  { $id: 'AuditEvent', additionalProperties: false },
);

export const AuditQuery = Type.Object(
  { ...PageQuery, project: Type.Optional(Key), environment: Type.Optional(Key), flag: Type.Optional(Key) },
  { additionalProperties: false },
);
