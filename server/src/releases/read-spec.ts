import type { Static } from '@sinclair/typebox';
import { completeStages } from './complete-stages.ts';
import type { ReleaseInput } from './schemas.ts';
import type { Spec, Stage } from './spec.ts';

const DEFAULT_STAGES: readonly Stage[] = [5_000, 20_000, 50_000, 100_000].map((flagsPer100k) => ({
  flagsPer100k,
  soakSeconds: 600,
}));
const DEFAULT_BAKE_SECONDS = 600;
const DEFAULT_ROLLBACK_WINDOW_SECONDS = 7 * 86_400;

/** With all that was left out filled in. */
export function readSpec({ title: _, environment: __, ...input }: Static<typeof ReleaseInput>): Spec {
  const { stages = DEFAULT_STAGES, flags = [], ...rest } = input;
  return {
    bakeSeconds: DEFAULT_BAKE_SECONDS,
    rollbackWindowSeconds: DEFAULT_ROLLBACK_WINDOW_SECONDS,
    ...rest,
    flags,
    stages: completeStages(input, stages),
  };
}
