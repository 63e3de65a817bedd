import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { toCanonicalJson } from '@bunting/core';
import { GENESIS } from './chain.ts';
import type { ChainHead } from './repository.ts';

/** Where all chains ended at a moment. */
interface Statement {
  /** From 1, without gaps. */
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** By chain. */
  readonly heads: ChainHead[];
  /** The hash of the checkpoint before it. */
  readonly previous: string;
  /** Ed25519, base64url of its 32 bytes. */
  readonly publicKey: string;
}

/** A statement and its signature: Ed25519, of the statement's canonical JSON in UTF-8, as base64url. */
export interface Checkpoint extends Statement {
  readonly signature: string;
}

/** Made once; whoever has it can sign. */
export interface SigningKey {
  readonly publicKey: string;
  /** PKCS 8, PEM. */
  readonly privateKey: string;
}

export function newSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { publicKey: x, privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

/** @param previous the checkpoint before it, when there is one */
export function signCheckpoint(
  key: SigningKey,
  previous: Checkpoint | undefined,
  at: string,
  heads: readonly ChainHead[],
): Checkpoint {
  const statement: Statement = {
    number: (previous?.number ?? 0) + 1,
    at,
    heads: [...heads],
    previous: previous === undefined ? GENESIS : hashCheckpoint(previous),
    publicKey: key.publicKey,
  };
  const text = Buffer.from(toCanonicalJson(statement));
  return { ...statement, signature: sign(null, text, createPrivateKey(key.privateKey)).toString('base64url') };
}

/** SHA-256 of the checkpoint's canonical JSON, hexadecimal. */
export function hashCheckpoint(checkpoint: Checkpoint): string {
  return createHash('sha256').update(toCanonicalJson(checkpoint)).digest('hex');
}

/** Whether its signature is by the key that it names. */
export function isSigned({ signature, ...statement }: Checkpoint): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: statement.publicKey }, format: 'jwk' });
    const bytes = Buffer.from(signature, 'base64url');
    // Other texts may stand for the same bytes: only one of them was written.
    return (
      bytes.toString('base64url') === signature && verify(null, Buffer.from(toCanonicalJson(statement)), key, bytes)
    );
  } catch {
    return false;
  }
}

/** @throws when the text is no checkpoint */
export function readCheckpoint(text: string): Checkpoint {
  const value = JSON.parse(text) as Partial<Checkpoint> | null;
  const isCheckpoint =
    typeof value === 'object' &&
    value !== null &&
    Number.isInteger(value.number) &&
    [value.at, value.previous, value.publicKey, value.signature].every((field) => typeof field === 'string') &&
    Array.isArray(value.heads) &&
    value.heads.every(
      (head) => typeof head?.chain === 'string' && Number.isInteger(head.seq) && typeof head.hash === 'string',
    );
  if (!isCheckpoint) throw new TypeError('it is no checkpoint');
  return value as Checkpoint;
}
