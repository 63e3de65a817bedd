import { Type } from '@sinclair/typebox';
import { Timestamp } from '../http/key-schema.ts';
import { Code } from '../second-factors/schemas.ts';
import { NewPassword } from '../sessions/schemas.ts';

export const PasswordLinkSchema = Type.Object(
  {
    token: Type.String({ description: 'Works once, at POST /password. Shown only here' }),
    path: Type.String({ description: 'The page of this server that takes it' }),
    expiresAt: Timestamp,
  },
  { $id: 'PasswordLink', additionalProperties: false },
);

export const PasswordInput = Type.Object(
  {
    token: Type.String({ maxLength: 200 }),
    password: NewPassword,
    code: Type.Optional(
      Type.Unsafe<string>({ ...Code, description: 'Of the second factor, where the person has one' }),
    ),
  },
  { $id: 'PasswordInput', additionalProperties: false },
);

export const PasswordChange = Type.Object(
  { oldPassword: Type.String({ maxLength: 256 }), password: NewPassword },
  { $id: 'PasswordChange', additionalProperties: false },
);
