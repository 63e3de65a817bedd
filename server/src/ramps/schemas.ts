import { Type } from '@sinclair/typebox';
import { RevisionSchema } from '../environments/schemas.ts';
import { HoldCauseSchema, WeightSchema } from '../flags/rule-schemas.ts';
import { Key, Timestamp } from '../http/key-schema.ts';
import { refTo } from '../http/ref.ts';
import { Reason } from '../kills/kill-record.ts';

export const RampSchema = Type.Object(
  {
    flag: Key,
    rule: Type.Union([Type.String(), Type.Null()], { description: "A rule's id; null: the default rule" }),
    ruleName: Type.Union([Type.String(), Type.Null()]),
    weights: Type.Array(refTo(WeightSchema), { description: 'What it serves now; the rest gets the off variant' }),
    nextAt: Type.Union([Timestamp, Type.Null()], {
      description: 'When it jumps next, or arrives in a straight line; null: not while it is held',
    }),
    grows: Type.Boolean({ description: 'Whether it will expose more people by itself' }),
    held: Type.Union([
      Type.Object(
        {
          since: Timestamp,
          causes: Type.Array(
            Type.Object({ ...HoldCauseSchema.properties, at: Timestamp }, { additionalProperties: false }),
            { description: 'It goes on when none is left' },
          ),
        },
        { additionalProperties: false },
      ),
      Type.Null(),
    ]),
  },
  { $id: 'Ramp', additionalProperties: false, description: 'A split that follows a schedule' },
);

export const HoldInput = Type.Object({ reason: Reason }, { $id: 'HoldInput', additionalProperties: false });

export const ResumeInput = Type.Object(
  {
    reason: Reason,
    cause: Type.Optional(
      Type.String({ minLength: 1, maxLength: 300, description: 'Takes this cause away only; unless given, all' }),
    ),
  },
  { $id: 'ResumeInput', additionalProperties: false },
);

export const RampAnswer = Type.Object(
  {
    changed: Type.Boolean({ description: 'False: it was so already' }),
    ramps: Type.Array(refTo(RampSchema)),
    revision: refTo(RevisionSchema),
  },
  { $id: 'RampAnswer', additionalProperties: false, description: "The flag's ramps as they are now" },
);
