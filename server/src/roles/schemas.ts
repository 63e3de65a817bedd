import { Type } from '@sinclair/typebox';
import { PermissionName } from '../access/schemas.ts';
import { DisplayName, Key } from '../http/key-schema.ts';

const content = {
  name: DisplayName,
  description: Type.String({ maxLength: 1_000 }),
  permissions: Type.Array(PermissionName, { maxItems: 100, uniqueItems: true }),
  notInProduction: Type.Array(PermissionName, {
    maxItems: 100,
    uniqueItems: true,
    description:
      'Those of permissions that leave production environments out, unless the role is granted in that very environment',
  }),
};

export const RoleSchema = Type.Object(
  { key: Key, ...content, builtIn: Type.Boolean({ description: 'True: it cannot be changed' }) },
  { $id: 'Role', additionalProperties: false },
);

export const RoleInput = Type.Object(
  {
    name: content.name,
    description: Type.Optional(content.description),
    permissions: content.permissions,
    notInProduction: Type.Optional(content.notInProduction),
  },
  { $id: 'RoleInput', additionalProperties: false },
);

export const RoleParams = Type.Object({ role: Key }, { additionalProperties: false });
