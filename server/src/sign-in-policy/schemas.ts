import { Type } from '@sinclair/typebox';

export const SignInPolicySchema = Type.Object(
  {
    passwords: Type.Unsafe<'everyone' | 'owners'>(
      Type.Union([Type.Literal('everyone'), Type.Literal('owners')], {
        description: 'owners: everyone else signs in by a provider; owners keep a way in should it fail',
      }),
    ),
    requireSecondFactor: Type.Boolean({
      description: 'True: whoever signs in by a password sets a second factor up before anything else',
    }),
  },
  { $id: 'SignInPolicy', additionalProperties: false },
);
