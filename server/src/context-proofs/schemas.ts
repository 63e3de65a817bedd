import { Type } from '@sinclair/typebox';
import { Timestamp } from '../http/key-schema.ts';

const mode = Type.Union([Type.Literal('off'), Type.Literal('required')], {
  description: 'required: who has a client key is answered only for contexts that a secret was signed with',
});
const secretFields = { id: Type.String(), createdAt: Timestamp };

export const NewContextProofSecret = Type.Object(
  {
    ...secretFields,
    secret: Type.String({ description: 'Shown only here. For servers alone: who has it can prove any context' }),
  },
  { $id: 'NewContextProofSecret', additionalProperties: false },
);

export const ContextProofSchema = Type.Object(
  { mode, secrets: Type.Array(Type.Object(secretFields, { additionalProperties: false })) },
  { $id: 'ContextProof', additionalProperties: false },
);

export const ContextProofInput = Type.Object({ mode }, { $id: 'ContextProofInput', additionalProperties: false });
