import type { Evaluation } from './evaluation.ts';
import type { FlagSlot } from './flag-slot.ts';

/** An outcome of a flag that the ruleset no longer has in that form, with exposures that nobody has counted yet. */
export interface RetiredOutcome {
  readonly key: string;
  readonly evaluation: Evaluation;
}

/** The outcomes of `slots` that still hold counts, and those of `earlier` that do. */
export function retire(earlier: readonly RetiredOutcome[], slots: Iterable<FlagSlot>): readonly RetiredOutcome[] {
  const retired = earlier.filter(({ evaluation }) => evaluation.exposures > 0);
  for (const { key, outcomes } of slots) {
    for (const evaluation of outcomes) if (evaluation.exposures > 0) retired.push({ key, evaluation });
  }
  return retired;
}
