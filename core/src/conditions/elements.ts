import { FALSE, TRUE, type Truth, UNKNOWN } from '../truth.ts';
import type { Matcher } from './matcher.ts';

/** Longer lists are unknown, so that no context can hold an SDK up. */
const MAX_ELEMENTS = 10_000;

/** Applies a comparison to the elements of a list. */
export function overElements(match: Matcher, which: 'any' | 'all'): Matcher {
  const decisive: Truth = which === 'any' ? TRUE : FALSE;
  return (value, nowMs) => {
    if (!Array.isArray(value) || value.length > MAX_ELEMENTS) return UNKNOWN;
    if (value.length === 0) return FALSE;
    let result: Truth = which === 'any' ? FALSE : TRUE;
    for (const element of value) {
      const truth = match(element, nowMs);
      if (truth === decisive) return decisive;
      if (truth === UNKNOWN) result = UNKNOWN;
    }
    return result;
  };
}
