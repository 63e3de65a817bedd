import { Type } from '@sinclair/typebox';

export const SignInPolicySchema = Type.Object(
  {
    requireSecondFactor: Type.Boolean({
      description: 'True: whoever signs in by a password sets a second factor up before anything else',
    }),
  },
  { $id: 'SignInPolicy', additionalProperties: false },
);
