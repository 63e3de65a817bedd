import { type Rule, type Serve, weighServe as weigh } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { validationFailed } from '../http/api-error.ts';
import type { RuleInput, ServeInput } from './rule-schemas.ts';

/** Turns a rule's weights into ranges, starting from those stored for the rule of the same id. */
export function weighRule(input: Static<typeof RuleInput>, stored: readonly Rule[], path: string, nowMs: number): Rule {
  const before = stored.find((rule) => rule.id === input.id)?.serve;
  return { ...input, serve: weighServe(input.serve, before, `${path}.serve`, nowMs) };
}

/** @throws {ApiError} `validation_failed` when the weights do not add up */
export function weighServe(
  input: Static<typeof ServeInput>,
  before: Serve | undefined,
  path: string,
  nowMs: number,
): Serve {
  try {
    return weigh(input as Parameters<typeof weigh>[0], before, nowMs);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw validationFailed([{ path: `${path}.split.weights`, message: error.message }]);
  }
}
