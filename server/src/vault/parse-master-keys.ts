import type { Key } from './sealed.ts';

const KEY = /^(?:[0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/;

/** What to give, for messages. */
export const MASTER_KEY_FORM =
  '32 random bytes as base64 or hex, such as `openssl rand -base64 32` makes; after a rotation the earlier keys behind it, separated by commas or lines';

/**
 * Reads keys that are separated by commas or white space.
 * @throws {Error} when there is none, or one is malformed; says the form, not the text
 */
export function parseMasterKeys(text: string): readonly Key[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0 || !words.every((word) => KEY.test(word))) throw new Error(`give ${MASTER_KEY_FORM}`);
  return words.map((word) => Buffer.from(word, word.length === 64 ? 'hex' : 'base64'));
}

export function isMasterKey(text: string): boolean {
  try {
    return parseMasterKeys(text).length > 0;
  } catch {
    return false;
  }
}
