import { Type } from '@sinclair/typebox';
import { Key } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PERMISSIONS, type Permission } from './permissions.ts';

/** The name of a permission. */
export const PermissionName = oneOf(...(Object.keys(PERMISSIONS) as Permission[]));

export const PlaceQuery = Type.Object(
  { project: Type.Optional(Key), environment: Type.Optional(Key) },
  { additionalProperties: false },
);

export const PermissionListSchema = Type.Object(
  { permissions: Type.Array(PermissionName) },
  { $id: 'PermissionList', additionalProperties: false },
);
