import { Type } from '@sinclair/typebox';
import { ActorSchema } from '../audit/schemas.ts';
import { Key, Timestamp } from '../http/key-schema.ts';

/** Plain text: whoever shows it shows it as it is, and reads no markup in it. */
const Body = Type.String({ minLength: 1, maxLength: 5_000, pattern: '\\S', description: 'Plain text' });

export const FlagCommentSchema = Type.Object(
  {
    id: Type.String(),
    author: ActorSchema,
    body: Body,
    createdAt: Timestamp,
    editedAt: Type.Union([Timestamp, Type.Null()]),
  },
  { $id: 'FlagComment', additionalProperties: false },
);

export const FlagCommentInput = Type.Object({ body: Body }, { $id: 'FlagCommentInput', additionalProperties: false });

export const FlagCommentParams = Type.Object(
  { project: Key, flag: Key, comment: Type.String({ maxLength: 100 }) },
  { additionalProperties: false },
);
