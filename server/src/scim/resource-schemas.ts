import { type TSchema, Type } from '@sinclair/typebox';
import { Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';

/** What is always in a resource; the rest can be left out by `attributes` and `excludedAttributes`. */
const common = { schemas: Type.Array(Type.String()), id: Type.String() };
const closed = { additionalProperties: false };

function MetaOf(resourceType: string) {
  return Type.Object(
    {
      resourceType: Type.Literal(resourceType),
      created: Timestamp,
      location: Type.String({ description: 'The address of the resource' }),
    },
    closed,
  );
}

export const ScimUserSchema = Type.Object(
  {
    ...common,
    externalId: Type.Optional(Type.String({ description: 'What the directory calls it' })),
    userName: Type.Optional(Type.String({ description: 'The address that the person signs in with' })),
    displayName: Type.Optional(Type.String()),
    name: Type.Optional(Type.Object({ formatted: Type.String() }, closed)),
    emails: Type.Optional(Type.Array(Type.Object({ value: Type.String(), primary: Type.Boolean() }, closed))),
    active: Type.Optional(Type.Boolean({ description: 'False: disabled' })),
    meta: Type.Optional(MetaOf('User')),
  },
  { $id: 'ScimUser', ...closed },
);

export const ScimGroupSchema = Type.Object(
  {
    ...common,
    externalId: Type.Optional(Type.String({ description: 'What the directory calls it' })),
    displayName: Type.Optional(Type.String()),
    members: Type.Optional(
      Type.Array(
        // Also $ref, the address of the user. Resolvers of references stumble over a property of that name.
        Type.Object(
          { value: Type.String({ description: 'The id of the user' }), display: Type.String() },
          { additionalProperties: true },
        ),
      ),
    ),
    meta: Type.Optional(MetaOf('Group')),
  },
  { $id: 'ScimGroup', ...closed },
);

/** A document about this service: RFC 7643, sections 5 to 7. */
export const ScimDocumentSchema = Type.Object(
  { schemas: Type.Array(Type.String()) },
  { $id: 'ScimDocument', additionalProperties: true },
);

export function ScimListOf<T extends TSchema>(resource: T) {
  return Type.Object(
    {
      schemas: Type.Array(Type.String()),
      totalResults: Type.Integer({ minimum: 0 }),
      startIndex: Type.Integer({ minimum: 1 }),
      itemsPerPage: Type.Integer({ minimum: 0 }),
      Resources: Type.Array(resource),
    },
    closed,
  );
}

/** RFC 7644, section 3.12; `scimType`: those of its table 9 that this server answers. */
export const ScimErrorSchema = Type.Object(
  {
    schemas: Type.Array(Type.String()),
    status: Type.String({ description: 'The HTTP status' }),
    scimType: Type.Optional(oneOf('invalidFilter', 'invalidSyntax', 'invalidPath', 'invalidValue', 'uniqueness')),
    detail: Type.String({ description: 'For people: what is wrong and what to do' }),
  },
  { $id: 'ScimError', ...closed },
);
