import { Type } from '@sinclair/typebox';
import { Id } from '../grants/schemas.ts';
import { DisplayName, Timestamp } from '../http/key-schema.ts';

export const ServiceAccountSchema = Type.Object(
  {
    id: Id,
    name: DisplayName,
    createdAt: Timestamp,
    disabledAt: Type.Union([Timestamp, Type.Null()]),
  },
  { $id: 'ServiceAccount', additionalProperties: false },
);

export const ServiceAccountInput = Type.Object(
  { name: DisplayName },
  { $id: 'ServiceAccountInput', additionalProperties: false },
);

export const ServiceAccountPatch = Type.Object(
  { name: Type.Optional(DisplayName), disabled: Type.Optional(Type.Boolean()) },
  { $id: 'ServiceAccountPatch', additionalProperties: false, minProperties: 1 },
);

export const ServiceAccountParams = Type.Object({ account: Id }, { additionalProperties: false });
