import { Type } from '@sinclair/typebox';
import { TargetingEditSchema } from '../edits/schemas.ts';
import { RevisionSchema } from '../environments/schemas.ts';
import { Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { PARTS } from './parts.ts';

const PartSchema = oneOf(...PARTS);

export const CompareQuery = Type.Object(
  {
    ...PageQuery,
    from: Key,
    to: Key,
    differing: Type.Optional(Type.Boolean({ description: 'true: only flags that differ' })),
  },
  { additionalProperties: false },
);

export const FlagComparison = Type.Object(
  {
    key: Key,
    differs: Type.Boolean(),
    parts: Type.Array(PartSchema, { description: 'In which the environments differ' }),
    segments: Type.Array(
      Type.Object({ key: Key, state: oneOf('same', 'differs', 'missing') }, { additionalProperties: false }),
      { description: 'That its rules name, and how they are in the environment that is compared to' },
    ),
  },
  { $id: 'FlagComparison', additionalProperties: false },
);

const Versions = Type.Object(
  { from: Type.Integer(), to: Type.Integer() },
  { additionalProperties: false, description: "The flag's versions in both environments" },
);

export const PromotionInput = Type.Object(
  {
    from: Key,
    flags: Type.Array(
      Type.Object(
        {
          key: Key,
          parts: Type.Optional(
            Type.Array(PartSchema, { minItems: 1, uniqueItems: true, description: 'All unless given' }),
          ),
          versions: Type.Optional(
            Type.Object(Versions.properties, {
              additionalProperties: false,
              description: 'Those that a preview told: who changed the flag since is not overrun (412)',
            }),
          ),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 500 },
    ),
    preview: Type.Optional(
      Type.Boolean({ description: 'true: only say what would change, and what stands against it' }),
    ),
  },
  { $id: 'PromotionInput', additionalProperties: false },
);

const Note = Type.Object(
  { severity: oneOf('error', 'warning', 'info'), path: Type.String(), message: Type.String() },
  { additionalProperties: false },
);

export const PromotionAnswer = Type.Object(
  {
    applied: Type.Boolean({ description: 'False for a preview, and when there was nothing to change' }),
    flags: Type.Array(
      Type.Object(
        {
          key: Key,
          versions: Versions,
          edits: Type.Array(refTo(TargetingEditSchema), { description: 'What changes; none: it is so already' }),
          sentences: Type.Array(Type.String(), { description: 'The edits for people' }),
          findings: Type.Array(Note, {
            description: 'Errors stand against it; the others are worth a look before it is done',
          }),
        },
        { additionalProperties: false },
      ),
    ),
    revision: refTo(RevisionSchema),
    committedAt: Timestamp,
  },
  { $id: 'PromotionAnswer', additionalProperties: false, description: 'And the revision that serves it' },
);
