import type { EvaluationContext, Json } from '@bunting/core';

/** Whom the flags of the chaos proofs are asked for. */
const contexts: readonly EvaluationContext[] = Array.from({ length: 60 }, (_, index) => ({
  targetingKey: `user-${index}`,
  country: ['de', 'fr', 'nl'][index % 3],
  version: `1.${index % 7}.0`,
}));

/** What each flag answers for each of them, by key. Who asks says how one answer is had. */
export function answersOf(
  keys: readonly string[],
  ask: (key: string, context: EvaluationContext) => Json | undefined,
): Record<string, string> {
  return Object.fromEntries(
    keys.map((key) => [key, contexts.map((context) => JSON.stringify(ask(key, context))).join(' ')]),
  );
}
