import { Type } from '@sinclair/typebox';
import { Id } from '../grants/schemas.ts';
import { DisplayName, Timestamp } from '../http/key-schema.ts';

export const GroupSchema = Type.Object(
  {
    id: Id,
    name: DisplayName,
    memberCount: Type.Integer({ minimum: 0 }),
    createdAt: Timestamp,
  },
  { $id: 'Group', additionalProperties: false },
);

export const GroupInput = Type.Object({ name: DisplayName }, { $id: 'GroupInput', additionalProperties: false });
export const GroupParams = Type.Object({ group: Id }, { additionalProperties: false });
export const MemberParams = Type.Object({ group: Id, user: Id }, { additionalProperties: false });
