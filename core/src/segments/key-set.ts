import type { KeyList, Paged } from '../model.ts';
import { PackedKeys } from './packed-keys.ts';

/** A set of subjects' keys. */
export interface KeySet {
  readonly size: number;
  has(key: string): boolean;
}

/** From this many keys on a set of strings takes several times the memory of packed text, so it is kept packed. */
const PACK_FROM = 20_000;

/** A set of the keys that stand in the document; what says that they are in pages stays as it is. */
export function toKeys(keys: KeyList): KeySet | Paged {
  return typeof keys === 'object' && 'pages' in keys ? keys : toKeySet(keys);
}

export function toKeySet(keys: Exclude<KeyList, Paged>): KeySet {
  if (typeof keys !== 'string') {
    // A key with a line end in it cannot be packed; it is still a key.
    if (keys.length < PACK_FROM || keys.some((key) => key.includes('\n'))) return new Set(keys);
    return new PackedKeys(keys.join('\n'));
  }
  const packed = new PackedKeys(keys);
  if (packed.size >= PACK_FROM) return packed;
  return new Set(keys.split('\n').filter((key) => key !== ''));
}
