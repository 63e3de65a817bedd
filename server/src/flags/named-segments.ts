import { type Rule, segmentReferences } from '@bunting/core';

/** The keys of the segments that a flag's rules name. */
export function segmentsOf({ rules = [] }: { readonly rules?: readonly Rule[] }): string[] {
  return [
    ...new Set(rules.flatMap(({ when }) => segmentReferences(when, 'when').map(({ segment }) => segment))),
  ].sort();
}
