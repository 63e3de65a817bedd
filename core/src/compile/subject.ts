/**
 * What a split hashes for an attribute's value: a non-empty string as it is, an integer as its decimal digits.
 * Anything else is no subject: an empty id would put everyone without one into the same bucket.
 */
export function subjectOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}
