import { Type } from '@sinclair/typebox';
import { AuditEventParams } from '../audit/schemas.ts';

export const RevertParams = AuditEventParams;

export const RevertQuery = Type.Object(
  { preview: Type.Optional(Type.Boolean({ description: 'true: only say what it would do' })) },
  { additionalProperties: false },
);

export const RevertSchema = Type.Object(
  {
    event: Type.String({ description: 'That was undone' }),
    changes: Type.Array(Type.String(), {
      description: 'What it set back: names of fields, "archived", or "keys"; none when everything was back already',
    }),
  },
  { $id: 'Revert', additionalProperties: false },
);

export const SetBackInput = Type.Object(
  {
    revision: Type.Integer({
      minimum: 0,
      maximum: 2 ** 53 - 1,
      description: "The number of one of the environment's revisions",
    }),
  },
  { $id: 'SetBackInput', additionalProperties: false },
);
