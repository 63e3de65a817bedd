import { Secret, TOTP } from 'otpauth';

/** What every authenticator app takes (RFC 6238 with its defaults). */
const FORM = { algorithm: 'SHA1', digits: 6, period: 30 } as const;

const PERIOD_MS = FORM.period * 1000;

/** A code is taken one period early or late: clocks of phones differ, and people type slowly. */
const WINDOW = 1;

/** 160 random bits in base32, as RFC 4226 asks for. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What an authenticator app reads from a QR code. */
export function totpUri(secret: string, account: string, issuer: string): string {
  return new TOTP({ ...FORM, secret: Secret.fromBase32(secret), label: account, issuer }).toString();
}

/** The time step that a code is of, counted since 1970; undefined when it is wrong. */
export function stepOfCode(secret: string, code: string, nowMs: number): number | undefined {
  const totp = new TOTP({ ...FORM, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token: code, timestamp: nowMs, window: WINDOW });
  return delta === null ? undefined : Math.floor(nowMs / PERIOD_MS) + delta;
}
