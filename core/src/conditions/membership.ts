import type { Json } from '../model.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from '../truth.ts';

/** A comparison of one value that was read from a context. */
export type Matcher = (value: unknown) => Truth;

/** Up to this many strings are compared one by one, which is faster than hashing and takes less memory than a set. */
const SHORT = 4;

/** `in`: is the value one of these? A value of a type that none of them has is unknown. */
export function compileMembership(values: readonly Json[]): Matcher {
  const strings = values.filter((value) => typeof value === 'string');
  if (strings.length < values.length) return compileMixed(values);
  const [only] = strings;
  if (strings.length === 1) return (value) => (typeof value === 'string' ? truth(value === only) : UNKNOWN);
  if (strings.length <= SHORT) return (value) => (typeof value === 'string' ? truth(strings.includes(value)) : UNKNOWN);
  const set = new Set(strings);
  return (value) => (typeof value === 'string' ? truth(set.has(value)) : UNKNOWN);
}

function compileMixed(values: readonly Json[]): Matcher {
  const set = new Set<unknown>(values);
  const types = new Set<string>(values.map((value) => typeof value));
  return (value) => {
    if (!types.has(typeof value) || Number.isNaN(value)) return UNKNOWN;
    return truth(set.has(value));
  };
}

function truth(value: boolean): Truth {
  return value ? TRUE : FALSE;
}
