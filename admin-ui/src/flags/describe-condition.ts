/** Words for the operators; those that have none here are shown by their own name. */
const operatorWords: Readonly<Record<string, string>> = {
  in: 'is one of',
  startsWith: 'starts with',
  endsWith: 'ends with',
  contains: 'contains',
  matches: 'matches',
  lessThan: 'is less than',
  atMost: 'is at most',
  greaterThan: 'is greater than',
  atLeast: 'is at least',
  semver: 'is a version in',
  before: 'is before',
  after: 'is after',
  inCidr: 'is an address in',
  present: 'is present',
  absent: 'is absent',
};

/**
 * A rule's condition as a sentence. The API leaves the leaves of the tree open, so what this page has no words for is
 * shown as it is stored, never left out: a condition that looks wider than it is would mislead.
 */
export function describeCondition(condition: unknown): string {
  if (!isRecord(condition)) return JSON.stringify(condition);
  const { all, any, not, segment, during, attribute, operator, values, elements, ignoreCase, ...rest } = condition;
  const isPlain = Object.keys(rest).length === 0;
  if (Array.isArray(all)) return joined(all, 'and', 'anyone');
  if (Array.isArray(any)) return joined(any, 'or', 'nobody');
  if (not !== undefined) return `not (${describeCondition(not)})`;
  if (typeof segment === 'string' && isPlain) return `in segment ${segment}`;
  if (isRecord(during) && isPlain) return describeSpan(during);
  if (typeof attribute !== 'string' || typeof operator !== 'string') return JSON.stringify(condition);
  const listed = Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : '';
  const which = elements === 'any' || elements === 'all' ? `${elements === 'any' ? 'any' : 'every'} element of ` : '';
  const folded = ignoreCase === true ? ' in any case' : '';
  const options = isPlain ? '' : ` ${JSON.stringify(rest)}`;
  return `${which}${attribute} ${operatorWords[operator] ?? operator} ${listed}`.trimEnd() + folded + options;
}

function describeSpan({ from, until }: Readonly<Record<string, unknown>>): string {
  const ends = [...(from === undefined ? [] : [`from ${from}`]), ...(until === undefined ? [] : [`until ${until}`])];
  return ends.length === 0 ? 'at any time' : `the time is ${ends.join(' ')}`;
}

function joined(conditions: readonly unknown[], word: string, none: string): string {
  if (conditions.length === 0) return none;
  const parts = conditions.map((part) =>
    isGroup(part) && conditions.length > 1 ? `(${describeCondition(part)})` : describeCondition(part),
  );
  return parts.join(` ${word} `);
}

function isGroup(condition: unknown): boolean {
  return isRecord(condition) && ('all' in condition || 'any' in condition);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
