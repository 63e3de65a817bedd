import { Type } from '@sinclair/typebox';
import { ActorSchema } from '../audit/schemas.ts';
import { Key, Timestamp } from '../http/key-schema.ts';
import { refTo } from '../http/ref.ts';
import { Reason } from '../kills/kill-record.ts';

export const LineStopSchema = Type.Object(
  { since: Timestamp, by: ActorSchema, reason: Type.String() },
  {
    $id: 'LineStop',
    additionalProperties: false,
    description: 'Nothing grows by itself: ramps are held, none can be started, and scheduled changes wait',
  },
);

export const LineInput = Type.Object(
  {
    reason: Reason,
    environments: Type.Optional(
      Type.Array(Key, {
        minItems: 1,
        maxItems: 1000,
        uniqueItems: true,
        description: 'Keys; unless given the whole project, also environments to come',
      }),
    ),
  },
  { $id: 'LineInput', additionalProperties: false },
);

export const LineAnswer = Type.Object(
  {
    changed: Type.Boolean({ description: 'False: it was so already' }),
    flags: Type.Array(Type.Object({ environment: Key, flag: Key }, { additionalProperties: false }), {
      description: 'Whose ramps were held, or let go on',
    }),
    stillHeld: Type.Array(
      Type.Object({ environment: Key, flag: Key, reason: Type.String() }, { additionalProperties: false }),
      { description: 'Whose ramps cannot go on from where they are, and why' },
    ),
    lineStopped: Type.Optional(refTo(LineStopSchema)),
    environments: Type.Array(
      Type.Object({ key: Key, lineStopped: Type.Optional(refTo(LineStopSchema)) }, { additionalProperties: false }),
    ),
  },
  { $id: 'LineAnswer', additionalProperties: false, description: 'What is stopped now, and what that led to' },
);
