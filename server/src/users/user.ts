import { Type } from '@sinclair/typebox';

/** Someone who can sign in. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

export const UserSchema = Type.Object(
  { id: Type.String(), email: Type.String(), name: Type.String() },
  { $id: 'User', additionalProperties: false },
);
