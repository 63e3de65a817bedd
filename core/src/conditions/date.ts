import { FALSE, TRUE, UNKNOWN } from '../truth.ts';
import { FINE, nameOf, problem } from '../validate/check.ts';
import type { OperatorDefinition } from './matcher.ts';
import { parseMoment, parseRelative } from './moment.ts';

export const BEFORE = define((value, bound) => value < bound);
export const AFTER = define((value, bound) => value > bound);

/** An operator that compares moments: RFC 3339 text, milliseconds since 1970, or a Date. */
function define(holds: (value: number, bound: number) => boolean): OperatorDefinition {
  return {
    minValues: 1,
    maxValues: 1,
    checkValue: (value) =>
      typeof value === 'string' && (parseRelative(value) !== undefined || !Number.isNaN(parseMoment(value)))
        ? FINE
        : problem(`must be a time such as 2026-01-31T12:00:00Z, now or now-7d (s m h d w); is ${nameOf(value)}`),
    isTimed: ({ values }) => parseRelative(String(values[0])) !== undefined,
    compile({ values }) {
      const offsetMs = parseRelative(String(values[0]));
      const boundMs = parseMoment(String(values[0]));
      return (value, nowMs) => {
        const valueMs = momentOf(value);
        if (Number.isNaN(valueMs)) return UNKNOWN;
        return holds(valueMs, offsetMs === undefined ? boundMs : nowMs + offsetMs) ? TRUE : FALSE;
      };
    },
  };
}

function momentOf(value: unknown): number {
  if (typeof value === 'string') return parseMoment(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN;
  return value instanceof Date ? value.getTime() : Number.NaN;
}
