import { Type } from '@sinclair/typebox';
import { refTo } from '../http/ref.ts';
import { UserSchema } from '../users/user.ts';

export const Email = Type.String({
  maxLength: 254,
  pattern: '^\\s*[^\\s@]+@[^\\s@]+\\s*$',
  description: 'an email address such as ada@example.com',
});

/** A password that someone chooses. */
export const NewPassword = Type.String({ minLength: 12, maxLength: 256 });

export const SignInInput = Type.Object(
  { email: Type.String({ maxLength: 254 }), password: Type.String({ maxLength: 256 }) },
  { $id: 'SignIn', additionalProperties: false },
);

export const SessionSchema = Type.Object({ user: refTo(UserSchema) }, { $id: 'Session', additionalProperties: false });
