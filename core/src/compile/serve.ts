import type { Reason } from '../evaluation.ts';
import type { Flag, Serve } from '../model.ts';
import type { Metadata, Outcomes } from './outcomes.ts';
import type { Serving } from './run.ts';
import { compileSplit } from './split.ts';

/** Compiles what a rule answers with; `reason` is that of a single variant. */
export function compileServe(
  serve: Serve,
  flag: Flag,
  outcomes: Outcomes,
  reason: Reason,
  metadata?: Metadata,
): Serving {
  if ('split' in serve) return compileSplit(serve.split, flag, outcomes, metadata);
  const outcome = outcomes.serve(serve.variant, reason, metadata);
  return () => outcome;
}
