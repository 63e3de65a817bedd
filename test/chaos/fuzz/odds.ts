import fc, { type Arbitrary } from 'fast-check';

/** Absent, but for once in so many times. */
export function sometimes<T>(oneOf: number, arbitrary: Arbitrary<T>): Arbitrary<T | undefined> {
  return fc.oneof({ weight: oneOf - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

/** One value, but for once in so many times. */
export function mostly<T>(oneOf: number, value: T, otherwise: Arbitrary<T>): Arbitrary<T> {
  return fc.oneof({ weight: oneOf - 1, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: otherwise });
}

export function oneIn(count: number): Arbitrary<boolean> {
  return mostly(count, false, fc.constant(true));
}
