import { ScimError } from './scim-error.ts';

/** An attribute that has to be equal to a value. */
export interface Comparison<A extends string> {
  readonly attribute: A;
  readonly value: string;
}

/** `name eq "value"`, and what comes after it. Names may carry their schema's URN before a colon. */
const COMPARISON = /^\s*(?:urn:[\w:.]+:)?([A-Za-z][\w.]*)\s+eq\s+("(?:[^"\\]|\\.)*")\s*(?:and\b(.*))?$/is;

/**
 * Reads a filter: comparisons by `eq`, joined by `and`. That is what directories ask to find whom they know.
 * @param attributes those that can be asked for, by their names in SCIM
 * @throws {ScimError} `invalidFilter` for anything else
 */
export function readFilter<const A extends string>(
  text: string | undefined,
  attributes: readonly A[],
): Comparison<A>[] {
  const comparisons: Comparison<A>[] = [];
  for (let rest: string | undefined = text; rest !== undefined; ) {
    const [, name, literal, more]: (string | undefined)[] = COMPARISON.exec(rest) ?? [];
    const attribute = attributes.find((known) => known.toLowerCase() === name?.toLowerCase());
    if (attribute === undefined || literal === undefined) {
      const known = attributes.map((one) => `${one} eq "..."`).join(', ');
      throw new ScimError('invalidFilter', `The filter is not understood. These are, joined by "and": ${known}.`);
    }
    comparisons.push({ attribute, value: readLiteral(literal) });
    rest = more;
  }
  return comparisons;
}

function readLiteral(literal: string): string {
  try {
    return JSON.parse(literal);
  } catch {
    throw new ScimError('invalidFilter', 'A value in the filter is no JSON string.');
  }
}
