import { Type } from '@sinclair/typebox';
import { DisplayName, Timestamp } from '../http/key-schema.ts';
import { Moment } from '../http/moment.ts';

const Kind = Type.Union([Type.Literal('server'), Type.Literal('client'), Type.Literal('relay')], {
  description:
    'server: secret, reads the rules. client: for pages, public, reads evaluated values. relay: secret, for bunting-server relay, reads the rules and the hashes of all keys',
});

const OptionalTime = Type.Union([Timestamp, Type.Null()]);
const Origins = Type.Union(
  [
    Type.Array(
      Type.String({
        maxLength: 300,
        pattern: '^https?://[^/?#\\s]+$',
        description: 'an origin such as https://shop.example.com',
      }),
      { minItems: 1, maxItems: 100, uniqueItems: true },
    ),
    Type.Null(),
  ],
  { description: 'Client keys only: whose pages may use it; null: anyone’s' },
);

const fields = {
  id: Type.String(),
  kind: Kind,
  name: DisplayName,
  prefix: Type.String({ description: "The secret's first characters, to recognise it by" }),
  createdAt: Timestamp,
  expiresAt: OptionalTime,
  revokedAt: OptionalTime,
  lastUsedAt: Type.Union([Timestamp, Type.Null()], { description: 'Within the hour, behind relays too' }),
  origins: Origins,
  replaces: Type.Union([Type.String(), Type.Null()], { description: 'The id of the key that it was made to replace' }),
};

export const KeySchema = Type.Object(fields, { $id: 'SdkKey', additionalProperties: false });

export const NewKeySchema = Type.Object(
  { ...fields, secret: Type.String({ description: 'Shown only here, stored only as a hash' }) },
  { $id: 'NewSdkKey', additionalProperties: false },
);

const ExpiresAt = Type.Union([Moment('From when on it is refused, and its open sockets are closed'), Type.Null()]);

export const KeyInput = Type.Object(
  { kind: Kind, name: DisplayName, expiresAt: Type.Optional(ExpiresAt), origins: Type.Optional(Origins) },
  { $id: 'SdkKeyInput', additionalProperties: false },
);

export const KeyPatch = Type.Object(
  { name: Type.Optional(DisplayName), expiresAt: Type.Optional(ExpiresAt), origins: Type.Optional(Origins) },
  { $id: 'SdkKeyPatch', additionalProperties: false, minProperties: 1 },
);

export const KeyRotation = Type.Object(
  {
    oldUntil: Type.Union([Moment('Until when the old key is valid too'), Type.Null()], {
      description: 'null: until it is revoked',
    }),
  },
  { $id: 'SdkKeyRotation', additionalProperties: false },
);
