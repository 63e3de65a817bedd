import { Type } from '@sinclair/typebox';

/** What directories send has more in it than is kept: that is left out. */
const kept = { additionalProperties: true };
const Text = Type.String({ maxLength: 1_000 });
const Members = Type.Array(Type.Object({ value: Type.String({ maxLength: 100 }) }, kept), { maxItems: 10_000 });

export const ScimUserInput = Type.Object(
  {
    userName: Type.String({ minLength: 1, maxLength: 254 }),
    externalId: Type.Optional(Type.Union([Text, Type.Null()])),
    displayName: Type.Optional(Type.Union([Text, Type.Null()])),
    name: Type.Optional(
      Type.Object(
        { formatted: Type.Optional(Text), givenName: Type.Optional(Text), familyName: Type.Optional(Text) },
        kept,
      ),
    ),
    active: Type.Optional(Type.Union([Type.Boolean(), Type.String({ maxLength: 5 })])),
  },
  kept,
);

export const ScimGroupInput = Type.Object(
  {
    displayName: Type.String({ minLength: 1, maxLength: 200 }),
    externalId: Type.Optional(Type.Union([Text, Type.Null()])),
    members: Type.Optional(Members),
  },
  kept,
);

export const ScimPatch = Type.Object(
  {
    Operations: Type.Array(
      Type.Object(
        {
          op: Type.String({ maxLength: 20 }),
          path: Type.Optional(Type.String({ maxLength: 1_000 })),
          value: Type.Optional(Type.Unknown()),
        },
        kept,
      ),
      { minItems: 1, maxItems: 1_000 },
    ),
  },
  kept,
);

const Names = Type.Optional(Type.String({ maxLength: 1_000, description: 'Names of attributes, separated by commas' }));

export const ScimQuery = Type.Object(
  {
    filter: Type.Optional(Type.String({ maxLength: 1_000 })),
    startIndex: Type.Optional(Type.Integer({ minimum: -1_000_000, maximum: 1_000_000_000 })),
    count: Type.Optional(Type.Integer({ minimum: -1_000_000, maximum: 1_000_000_000 })),
    attributes: Names,
    excludedAttributes: Names,
  },
  kept,
);

export const ScimParams = Type.Object({ id: Type.String({ maxLength: 100 }) }, { additionalProperties: false });
