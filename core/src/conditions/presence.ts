import { problem } from '../validate/check.ts';
import { type OperatorDefinition, truthOf } from './matcher.ts';

export const PRESENT = define((value) => value !== undefined && value !== null);
export const ABSENT = define((value) => value === undefined || value === null);

/** The operators that ask for absence openly, and so are never unknown. */
function define(holds: (value: unknown) => boolean): OperatorDefinition {
  return {
    minValues: 0,
    maxValues: 0,
    checkValue: () => problem('is not needed: leave the list empty'),
    compile: () => (value) => truthOf(holds(value)),
  };
}
