import type { Bit } from './tables.ts';

/** A boolean as a column holds it. SQLite has no boolean type; 0 and 1 work on every engine. */
export function toBit(value: boolean): Bit {
  return value ? 1 : 0;
}

export function fromBit(bit: Bit): boolean {
  return bit !== 0;
}
