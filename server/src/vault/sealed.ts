import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** 256 bits. */
export type Key = Buffer;

const VERSION = 'v1';
/** Random for each text; 96 bits are what GCM is made for. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The text was changed, belongs elsewhere, or was sealed under a key that is not here. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

/** Names a key without telling it: 48 bits of a hash. */
export function nameOf(key: Key): string {
  return createHash('sha256').update('bunting key name').update(key).digest('base64url').slice(0, 8);
}

/**
 * Encrypts a text: AES-256-GCM, as `v1.<key's name>.<base64url of nonce, ciphertext and tag>`.
 * @param purpose the place of the text, such as `webhook:<id>`; it opens for the same only
 */
export function seal(key: Key, purpose: string, plaintext: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose));
  const body = Buffer.concat([nonce, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}.${nameOf(key)}.${body.toString('base64url')}`;
}

/** The name of the key that a text was sealed under. */
export function sealedUnder(sealed: string): string | undefined {
  const [version, name] = sealed.split('.');
  return version === VERSION ? name : undefined;
}

/** @throws {SealError} */
export function unseal(key: Key, purpose: string, sealed: string): string {
  if (sealedUnder(sealed) !== nameOf(key)) throw new SealError('it was sealed under another key');
  const body = Buffer.from(sealed.slice(sealed.lastIndexOf('.') + 1), 'base64url');
  if (body.length < NONCE_BYTES + TAG_BYTES) throw new SealError('it is cut off');
  const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(purpose))
    .setAuthTag(body.subarray(-TAG_BYTES));
  try {
    return decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch (cause) {
    throw new SealError('it was changed, or is from another place', { cause });
  }
}
