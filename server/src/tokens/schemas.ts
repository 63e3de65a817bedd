import { Type } from '@sinclair/typebox';
import { PermissionName } from '../access/schemas.ts';
import { Id } from '../grants/schemas.ts';
import { DisplayName, Timestamp } from '../http/key-schema.ts';

const OptionalTime = Type.Union([Timestamp, Type.Null()]);
const Scope = Type.Union([Type.Array(PermissionName, { minItems: 1, maxItems: 100, uniqueItems: true }), Type.Null()], {
  description: "Only these of its holder's permissions, and project:read; null: all of them",
});

const fields = {
  id: Id,
  name: DisplayName,
  prefix: Type.String({ description: "The secret's first characters, to recognise it by" }),
  permissions: Scope,
  createdAt: Timestamp,
  expiresAt: OptionalTime,
  revokedAt: OptionalTime,
  lastUsedAt: Type.Union([Timestamp, Type.Null()], { description: 'Within the hour' }),
};

export const TokenSchema = Type.Object(fields, { $id: 'Token', additionalProperties: false });

export const NewTokenSchema = Type.Object(
  { ...fields, secret: Type.String({ description: 'Shown only here, stored only as a hash' }) },
  { $id: 'NewToken', additionalProperties: false },
);

export const TokenInput = Type.Object(
  {
    name: DisplayName,
    permissions: Type.Optional(Scope),
    expiresInDays: Type.Union([Type.Integer({ minimum: 1, maximum: 366 }), Type.Null()], {
      description: 'null: never, for service accounts only',
    }),
  },
  { $id: 'TokenInput', additionalProperties: false },
);
