import { randomBytes } from 'node:crypto';
import { hashSecret } from '../access/secrets.ts';

const COUNT = 10;

/** Crockford's base32: nothing in it looks like something else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Ten codes of 80 random bits, such as `7Q2M-0XKD-V9TN-4HBC`: enough to be stored as a fast hash. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: COUNT }, () => {
    const characters = Array.from(randomBytes(16), (byte) => ALPHABET[byte % ALPHABET.length]);
    return [0, 4, 8, 12].map((at) => characters.slice(at, at + 4).join('')).join('-');
  });
}

/** However it was typed: hyphens, spaces and case do not count. */
export function hashRecoveryCode(code: string): string {
  return hashSecret(code.toUpperCase().replaceAll(/[^0-9A-Z]/g, ''));
}
