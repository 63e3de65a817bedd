import { toCanonicalJson } from '@bunting/core';

type Document = Readonly<Record<string, unknown>>;

/** What sets a document back. */
export interface Inverse {
  /** Fields as they were before; what was not there is `absent`'s. */
  readonly patch: Document;
  /** Fields that have become something else since: nobody knows what is meant. */
  readonly conflicts: readonly string[];
}

/**
 * What undoes a change of a document, field by field. A field that the change left alone is left alone, one that is back
 * already as well.
 * @param current the document as it is now
 * @param absent by field: what stands for nothing in a patch; fields that are not in here are not reverted
 */
export function inverseOf(before: Document, after: Document, current: Document, absent: Document): Inverse {
  const patch: Record<string, unknown> = {};
  const conflicts: string[] = [];
  for (const [field, nothing] of Object.entries(absent)) {
    const [was, became, is] = [before[field], after[field], current[field]];
    if (isSame(was, became) || isSame(is, was)) continue;
    if (isSame(is, became)) patch[field] = was ?? nothing;
    else conflicts.push(field);
  }
  return { patch, conflicts };
}

export function isSame(a: unknown, b: unknown): boolean {
  return toCanonicalJson([a]) === toCanonicalJson([b]);
}
