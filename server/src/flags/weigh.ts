import { BUCKET_COUNT, type BucketRange, type Rule, reweigh, type Serve } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { type Problem, validationFailed } from '../http/api-error.ts';
import type { RuleInput, ServeInput } from './rule-schemas.ts';

/** Turns a rule's weights into ranges, starting from those stored for the rule of the same id. */
export function weighRule(input: Static<typeof RuleInput>, stored: readonly Rule[], path: string): Rule {
  const before = stored.find((rule) => rule.id === input.id)?.serve;
  return { ...input, serve: weighServe(input.serve, before, `${path}.serve`) };
}

/**
 * Turns weights into bucket ranges so that the fewest subjects move from `before`; what has ranges already stays.
 * @throws {ApiError} `validation_failed` when the weights do not add up
 */
export function weighServe(input: Static<typeof ServeInput>, before: Serve | undefined, path: string): Serve {
  if (!('split' in input) || !('weights' in input.split)) return input as Serve;
  const { weights, ...split } = input.split;
  const sum = weights.reduce((total, weight) => total + weight.weightPer100k, 0);
  if (sum !== BUCKET_COUNT)
    throw wrong({ path: `${path}.split.weights`, message: `must add up to ${BUCKET_COUNT}; add up to ${sum}` });
  try {
    return { split: { ...split, ranges: reweigh(rangesOf(before), weights) } };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw wrong({ path: `${path}.split.weights`, message: error.message });
  }
}

/** What a serve amounts to in buckets: a variant alone has them all. */
function rangesOf(serve: Serve | undefined): readonly BucketRange[] {
  if (serve === undefined) return [];
  return 'split' in serve ? serve.split.ranges : [{ variant: serve.variant, from: 0, to: BUCKET_COUNT }];
}

function wrong(problem: Problem) {
  return validationFailed([problem]);
}
