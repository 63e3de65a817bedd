import { createHash } from 'node:crypto';
import type { Item } from '@bunting/core';

const MODULUS = 1n << 128n;

/** The hash of a ruleset without items. */
export const EMPTY_HASH = toText(0n);

/**
 * The content hash of a ruleset is the sum, modulo 2^128, of the first 128 bits of each item's SHA-256: it does not
 * depend on the items' order, and a change costs as much as the items it touches. It tells different contents apart
 * (copies, restored backups, faults); it does not authenticate them.
 */
export function hashOf(items: Iterable<Item>): string {
  let sum = 0n;
  for (const item of items) sum += digest(item);
  return toText(sum % MODULUS);
}

/** The hash after `removed` went and `added` came. Their order does not matter. */
export function updateHash(hash: string, removed: Iterable<Item>, added: Iterable<Item>): string {
  let sum = BigInt(`0x${hash}`);
  for (const item of added) sum += digest(item);
  for (const item of removed) sum -= digest(item);
  return toText(((sum % MODULUS) + MODULUS) % MODULUS);
}

/** The hash of what two hashes say together. */
export function addHashes(hash: string, difference: string): string {
  return toText((BigInt(`0x${hash}`) + BigInt(`0x${difference}`)) % MODULUS);
}

/** Kinds and keys hold no line ends, so no two items share a text. */
function digest({ kind, key, json }: Item): bigint {
  const hash = createHash('sha256').update(`${kind}\n${key}\n${json}`).digest('hex');
  return BigInt(`0x${hash.slice(0, 32)}`);
}

/** 32 hexadecimal digits. */
function toText(sum: bigint): string {
  return sum.toString(16).padStart(32, '0');
}
