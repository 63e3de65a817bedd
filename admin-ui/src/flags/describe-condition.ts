import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { say } from '../locales/say.ts';

/** Words for the operators; those that have none here are shown by their own name. */
const operatorWords: Readonly<Record<string, MessageDescriptor>> = {
  in: msg`is one of`,
  startsWith: msg`starts with`,
  endsWith: msg`ends with`,
  contains: msg`contains`,
  matches: msg`matches`,
  lessThan: msg`is less than`,
  atMost: msg`is at most`,
  greaterThan: msg`is greater than`,
  atLeast: msg`is at least`,
  semver: msg`is a version in`,
  before: msg`is before`,
  after: msg`is after`,
  inCidr: msg`is an address in`,
  present: msg`is present`,
  absent: msg`is absent`,
};

/**
 * A rule's condition as a sentence. The API leaves the leaves of the tree open, so what this page has no words for is
 * shown as it is stored, never left out: a condition that looks wider than it is would mislead.
 */
export function describeCondition(condition: unknown): string {
  if (!isRecord(condition)) return JSON.stringify(condition);
  const { all, any, not, segment, during, attribute, operator, values, elements, ignoreCase, ...rest } = condition;
  const isPlain = Object.keys(rest).length === 0;
  if (Array.isArray(all)) return joined(all, 'all');
  if (Array.isArray(any)) return joined(any, 'any');
  if (not !== undefined) return t`not (${describeCondition(not)})`;
  if (typeof segment === 'string' && isPlain) return t`in segment ${segment}`;
  if (isRecord(during) && isPlain) return describeSpan(during);
  if (typeof attribute !== 'string' || typeof operator !== 'string') return JSON.stringify(condition);
  const listed = Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : '';
  const subject =
    elements === 'any'
      ? t`any element of ${attribute}`
      : elements === 'all'
        ? t`every element of ${attribute}`
        : attribute;
  const folded = ignoreCase === true ? ` ${t`in any case`}` : '';
  const options = isPlain ? '' : ` ${JSON.stringify(rest)}`;
  return `${subject} ${say(operatorWords[operator] ?? operator)} ${listed}`.trimEnd() + folded + options;
}

function describeSpan({ from, until }: Readonly<Record<string, unknown>>): string {
  const ends = [
    ...(from === undefined ? [] : [t`from ${String(from)}`]),
    ...(until === undefined ? [] : [t`until ${String(until)}`]),
  ];
  return ends.length === 0 ? t`at any time` : t`the time is ${ends.join(' ')}`;
}

function joined(conditions: readonly unknown[], by: 'all' | 'any'): string {
  if (conditions.length === 0) return by === 'all' ? t`anyone` : t`nobody`;
  const parts = conditions.map((part) =>
    isGroup(part) && conditions.length > 1 ? `(${describeCondition(part)})` : describeCondition(part),
  );
  return parts.reduce((sooner, part) => (by === 'all' ? t`${sooner} and ${part}` : t`${sooner} or ${part}`));
}

function isGroup(condition: unknown): boolean {
  return isRecord(condition) && ('all' in condition || 'any' in condition);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
