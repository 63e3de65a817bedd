import { Type } from '@sinclair/typebox';
import { ActorSchema } from '../audit/schemas.ts';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';

const Verbatim = (description: string) => Type.Unknown({ description });

/** What `verifyExport` reads: what is stored, as it is stored. */
export const ReleaseExportSchema = Type.Object(
  {
    format: Type.Literal('bunting-release'),
    version: Type.Literal(1),
    at: Timestamp,
    release: Type.Object(
      {
        id: Type.String(),
        title: DisplayName,
        project: Key,
        environment: Key,
        createdBy: ActorSchema,
        createdAt: Timestamp,
      },
      { additionalProperties: false },
    ),
    spec: Verbatim('What is released, and how'),
    decisions: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          atMs: Type.Integer(),
          by: ActorSchema,
          basis: Verbatim(
            'The number of the machine that decided, the state before, and the command, if there was one',
          ),
          facts: Verbatim('What was seen'),
          after: Verbatim('The state that it led to'),
          decision: Type.String(),
        },
        { additionalProperties: false },
      ),
      { description: 'In their order' },
    ),
    gates: Type.Array(Verbatim('A gate of a stage of an attempt, with all that it measured and what that came to')),
    audit: Type.Union(
      [
        Type.Array(
          Type.Object({ previousHash: Type.String(), event: Verbatim('As GET .../audit has it, without its origin') }),
        ),
        Type.Null(),
      ],
      { description: 'Audit events of the release, in their order; null: the caller lacks audit:read' },
    ),
  },
  { $id: 'ReleaseExport', additionalProperties: false },
);
