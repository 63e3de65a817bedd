import type { Reason } from '../evaluation.ts';
import type { Serve } from '../model.ts';
import type { Metadata } from './outcomes.ts';
import type { Serving } from './scope.ts';
import { compileSplit, type FlagParts } from './split.ts';

/** Compiles what a rule answers with; `reason` is that of a single variant. */
export function compileServe(serve: Serve, parts: FlagParts, reason: Reason, metadata?: Metadata): Serving {
  if ('split' in serve) return compileSplit(serve.split, parts, metadata);
  const outcome = parts.outcomes.serve(serve.variant, reason, metadata);
  return () => outcome;
}
