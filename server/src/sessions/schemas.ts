import { Type } from '@sinclair/typebox';
import { Timestamp } from '../http/key-schema.ts';
import { refTo } from '../http/ref.ts';
import { Code } from '../second-factors/schemas.ts';
import { UserSchema } from '../users/user.ts';

export const Email = Type.String({
  maxLength: 254,
  pattern: '^\\s*[^\\s@]+@[^\\s@]+\\s*$',
  description: 'an email address such as ada@example.com',
});

/** A password that someone chooses. That it is hard to guess is asked by `passwords/strength.ts`. */
export const NewPassword = Type.String({
  minLength: 12,
  maxLength: 256,
  description: 'a password of 12 to 256 characters; one that is easily guessed is refused',
});

export const SignInInput = Type.Object(
  {
    email: Type.String({ maxLength: 254 }),
    password: Type.String({ maxLength: 256 }),
    code: Type.Optional(Code),
  },
  { $id: 'SignIn', additionalProperties: false },
);

export const SessionSchema = Type.Object(
  {
    user: refTo(UserSchema),
    mustEnrol: Type.Boolean({
      description:
        'True: a second factor is required and missing. Set one up (POST /second-factor) before anything else',
    }),
  },
  { $id: 'Session', additionalProperties: false },
);

const OrNull = Type.Union([Type.String(), Type.Null()]);

export const OpenSessionSchema = Type.Object(
  {
    id: Type.String(),
    isCurrent: Type.Boolean({ description: 'True: the request came by it' }),
    createdAt: Timestamp,
    lastUsedAt: Type.String({ description: 'Within the hour; ISO 8601, UTC' }),
    expiresAt: Type.String({ description: 'When it ends if it is not used again; ISO 8601, UTC' }),
    address: Type.Unsafe<string | null>({ ...OrNull, description: 'From where it was begun' }),
    userAgent: Type.Unsafe<string | null>({ ...OrNull, description: 'What the browser said of itself; untrusted' }),
  },
  { $id: 'OpenSession', additionalProperties: false },
);

export const OpenSessionList = Type.Object(
  { items: Type.Array(refTo(OpenSessionSchema)) },
  { $id: 'OpenSessionList', additionalProperties: false },
);

export const SessionParams = Type.Object({ session: Type.String({ maxLength: 100 }) }, { additionalProperties: false });
