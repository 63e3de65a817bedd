import type { KeyList } from '../model.ts';
import { PackedKeys } from './packed-keys.ts';

/** A set of subjects' keys. */
export interface KeySet {
  readonly size: number;
  has(key: string): boolean;
}

/** From this many keys on a set of strings takes several times the memory of packed text, so it is kept packed. */
const PACK_FROM = 20_000;

export function toKeySet(keys: KeyList): KeySet {
  if (typeof keys !== 'string') {
    // A key with a line end in it cannot be packed; it is still a key.
    if (keys.length < PACK_FROM || keys.some((key) => key.includes('\n'))) return new Set(keys);
    return new PackedKeys(keys.join('\n'));
  }
  const packed = new PackedKeys(keys);
  if (packed.size >= PACK_FROM) return packed;
  return new Set(keys.split('\n').filter((key) => key !== ''));
}
