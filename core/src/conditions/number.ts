import { UNKNOWN } from '../truth.ts';
import { FINE, nameOf, problem } from '../validate/check.ts';
import { type OperatorDefinition, truthOf } from './matcher.ts';

export const LESS_THAN = define((value, bound) => value < bound);
export const AT_MOST = define((value, bound) => value <= bound);
export const GREATER_THAN = define((value, bound) => value > bound);
export const AT_LEAST = define((value, bound) => value >= bound);

/** An operator that compares a finite number with one bound. */
function define(holds: (value: number, bound: number) => boolean): OperatorDefinition {
  return {
    minValues: 1,
    maxValues: 1,
    checkValue: (value) => (Number.isFinite(value) ? FINE : problem(`must be a finite number, is ${nameOf(value)}`)),
    compile({ values }) {
      const bound = Number(values[0]);
      return (value) => (typeof value === 'number' && Number.isFinite(value) ? truthOf(holds(value, bound)) : UNKNOWN);
    },
  };
}
