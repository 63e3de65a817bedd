/** 0 or 1: SQLite has no boolean type, and these work on every engine. */
export type Bit = number;

/** A boolean as a column holds it. */
export function toBit(value: boolean): Bit {
  return value ? 1 : 0;
}

export function fromBit(bit: Bit): boolean {
  return bit !== 0;
}
