import { Type } from '@sinclair/typebox';
import { Timestamp } from '../http/key-schema.ts';

/** From an authenticator app, or a recovery code. */
export const Code = Type.String({
  maxLength: 50,
  description: 'The code that the authenticator app shows, or a recovery code; each counts once',
});

export const SecondFactorSchema = Type.Object(
  {
    enabled: Type.Boolean(),
    since: Type.Union([Timestamp, Type.Null()], { description: 'When it was turned on; null: it is off' }),
    recoveryCodesLeft: Type.Integer(),
    required: Type.Boolean({ description: 'Whether everyone who signs in by a password needs one here' }),
  },
  { $id: 'SecondFactor', additionalProperties: false },
);

export const EnrolmentSchema = Type.Object(
  {
    secret: Type.String({ description: 'Base32, for typing it into an app. Shown only here' }),
    uri: Type.String({ description: 'otpauth://..., what the QR code says' }),
    qr: Type.String({ description: 'The QR code, as SVG' }),
  },
  { $id: 'Enrolment', additionalProperties: false },
);

export const RecoveryCodesSchema = Type.Object(
  { recoveryCodes: Type.Array(Type.String(), { description: 'Each works once, in place of a code. Shown only here' }) },
  { $id: 'RecoveryCodes', additionalProperties: false },
);

export const PasswordProof = Type.Object(
  { password: Type.String({ maxLength: 256, description: 'The own password, once more' }) },
  { $id: 'PasswordProof', additionalProperties: false },
);

export const CodeProof = Type.Object({ code: Code }, { $id: 'CodeProof', additionalProperties: false });

export const FullProof = Type.Object(
  { ...PasswordProof.properties, code: Code },
  { $id: 'FullProof', additionalProperties: false },
);
