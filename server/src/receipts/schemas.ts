import { Type } from '@sinclair/typebox';
import { RevisionSchema } from '../environments/schemas.ts';
import { Timestamp } from '../http/key-schema.ts';
import { refTo } from '../http/ref.ts';

const Milliseconds = Type.Union([Type.Number(), Type.Null()], {
  description:
    'From commit to receipt, of instances that were connected at the commit; null while none of them confirmed',
});
const Nullable = Type.Union([Type.String(), Type.Null()]);

export const ReceiptsSchema = Type.Object(
  {
    revision: refTo(RevisionSchema),
    committedAt: Timestamp,
    instances: Type.Integer({ description: 'Connected with a server key' }),
    confirmed: Type.Integer({ description: 'That run this revision' }),
    pending: Type.Integer({ description: 'That do not yet' }),
    unknown: Type.Integer({
      description: 'Lost without a goodbye in the last five minutes, and not counted above: they may still be running',
    }),
    broken: Type.Integer({ description: 'Confirmed instances that could not understand some flags' }),
    firstMs: Milliseconds,
    p50Ms: Milliseconds,
    p90Ms: Milliseconds,
    p99Ms: Milliseconds,
    lastMs: Milliseconds,
  },
  { $id: 'Receipts', additionalProperties: false },
);

export const InstanceSchema = Type.Object(
  {
    id: Type.String(),
    app: Nullable,
    host: Nullable,
    sdk: Type.Object({ name: Type.String(), version: Type.String() }, { additionalProperties: false }),
    deploy: Type.Union([
      Type.Object(
        {
          version: Type.Optional(Type.String()),
          stage: Type.Optional(Type.String()),
          color: Type.Optional(Type.String()),
        },
        { additionalProperties: false },
      ),
      Type.Null(),
    ]),
    connectedAt: Timestamp,
    revision: Type.Union([refTo(RevisionSchema), Type.Null()], { description: 'null until its first receipt' }),
    brokenFlags: Type.Integer({ description: 'Flags that it could not understand' }),
  },
  { $id: 'Instance', additionalProperties: false },
);
