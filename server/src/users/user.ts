import { Type } from '@sinclair/typebox';

/** Who may do what. The first account is the owner and may do everything. */
export type Role = 'owner';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
}

export const UserSchema = Type.Object(
  {
    id: Type.String(),
    email: Type.String(),
    name: Type.String(),
    role: Type.Literal('owner'),
  },
  { $id: 'User', additionalProperties: false },
);
