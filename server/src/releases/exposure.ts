import { BUCKET_COUNT } from '@bunting/core';
import { BACKWARD } from './phase.ts';
import type { Spec } from './spec.ts';
import type { State } from './state.ts';

/**
 * The share of the candidate that a release wants, in 1/100 000. Undefined: it wants nothing, for it has not begun or has
 * ended.
 */
export function desiredPer100k(spec: Pick<Spec, 'stages'>, state: State): number | undefined {
  const { phase, stage, manualPer100k } = state;
  if (BACKWARD.includes(phase)) return 0;
  if (phase === 'progressing') return manualPer100k ?? spec.stages[stage]?.flagsPer100k;
  if (phase === 'promoting' || phase === 'baking') return manualPer100k ?? BUCKET_COUNT;
  return undefined;
}
