import { Type } from '@sinclair/typebox';

/** From an authenticator app, or a recovery code. */
export const Code = Type.String({
  maxLength: 50,
  description: 'The code that the authenticator app shows, or a recovery code; each counts once',
});

export const SecondFactorSchema = Type.Object(
  { enabled: Type.Boolean(), recoveryCodesLeft: Type.Integer() },
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
