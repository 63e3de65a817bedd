/**
 * Three truth values as small integers, so that conditions neither allocate nor branch on types. A comparison whose
 * attribute is missing or of the wrong type is UNKNOWN; so is its negation. A rule matches only on TRUE.
 */
export const FALSE = 0;
export const TRUE = 1;
export const UNKNOWN = 2;
export type Truth = typeof FALSE | typeof TRUE | typeof UNKNOWN;

/** Kleene's negation: unknown stays unknown. */
export function negate(truth: Truth): Truth {
  return truth === UNKNOWN ? UNKNOWN : truth === TRUE ? FALSE : TRUE;
}
